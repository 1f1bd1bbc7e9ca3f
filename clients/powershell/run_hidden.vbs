' Runs report.ps1, which lies beside this file, without a window, and ends when it ends.
Option Explicit

Dim shell, files, folder, command
Set shell = CreateObject("WScript.Shell")
Set files = CreateObject("Scripting.FileSystemObject")
folder = files.GetParentFolderName(WScript.ScriptFullName)
command = """" & shell.ExpandEnvironmentStrings("%SystemRoot%") & "\System32\WindowsPowerShell\v1.0\powershell.exe""" & _
    " -NoProfile -NonInteractive -ExecutionPolicy Bypass -WindowStyle Hidden -File """ & files.BuildPath(folder, "report.ps1") & """"
WScript.Quit shell.Run(command, 0, True)
