# Has Windows start report.ps1 when this person logs on, without a window. With -Remove, it does so no more.
# Windows PowerShell 3.0 to 5.1 on Windows 8, Server 2012 and later; no administrator is needed.
param([switch] $Remove)

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

$name = 'keytrail-report ' + $env:UserName
if ($Remove) {
    Unregister-ScheduledTask -TaskName $name -Confirm:$false
    Write-Output "The task '$name' is removed. Log off to stop the report that runs."
    exit 0
}

$folder = Split-Path -Parent $MyInvocation.MyCommand.Path
foreach ($file in 'report.ps1', 'run_hidden.vbs', 'config.env') {
    if (-not (Test-Path -LiteralPath (Join-Path $folder $file))) { throw "$file must lie beside this script." }
}

$person = $env:UserDomain + '\' + $env:UserName
$script = Join-Path $folder 'run_hidden.vbs'
$program = Join-Path $env:SystemRoot 'System32\wscript.exe'
$action = New-ScheduledTaskAction -Execute $program -Argument ('//B //NoLogo "' + $script + '"') -WorkingDirectory $folder
$trigger = New-ScheduledTaskTrigger -AtLogOn -User $person
$principal = New-ScheduledTaskPrincipal -UserId $person -LogonType Interactive -RunLevel Limited
$settings = New-ScheduledTaskSettingsSet -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries -MultipleInstances IgnoreNew `
    -ExecutionTimeLimit ([TimeSpan]::Zero) -RestartCount 3 -RestartInterval (New-TimeSpan -Minutes 1)
$null = Register-ScheduledTask -TaskName $name -Action $action -Trigger $trigger -Principal $principal -Settings $settings -Force
Write-Output "From the next logon of $person on, work time is reported. To begin at once: Start-ScheduledTask '$name'"
