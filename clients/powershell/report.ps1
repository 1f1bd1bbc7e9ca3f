# Reports to keytrail when the person at this computer works and when he stops. Windows PowerShell 3.0 to 5.1.
# Settings: config.env beside this script, or variables of the system, which come first. README.md says what they mean.
# What can't be delivered waits in %LocalAppData%\keytrail-report and is delivered later, in order.

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

$MaxWaiting = 20000
$StateDir = Join-Path $env:LocalAppData 'keytrail-report'
$QueueFile = Join-Path $StateDir 'queue.txt'
$Invariant = [Globalization.CultureInfo]::InvariantCulture

function Read-ConfigFile([string] $Path) {
    $values = @{}
    if (-not (Test-Path -LiteralPath $Path)) { return $values }
    foreach ($line in [IO.File]::ReadAllLines($Path)) {
        $text = $line.Trim()
        $at = $text.IndexOf('=')
        if ($text.StartsWith('#') -or $at -lt 1) { continue }
        $values[$text.Substring(0, $at).Trim()] = $text.Substring($at + 1).Trim().Trim('"')
    }
    return $values
}

function Get-Setting([hashtable] $Values, [string] $Name, [string] $Otherwise) {
    $set = [Environment]::GetEnvironmentVariable($Name)
    if ($set) { return $set }
    if ($Values.ContainsKey($Name) -and $Values[$Name]) { return $Values[$Name] }
    return $Otherwise
}

function Get-Number([hashtable] $Values, [string] $Name, [string] $Otherwise, [double] $Most) {
    $number = 0.0
    $text = Get-Setting $Values $Name $Otherwise
    $read = [double]::TryParse($text, [Globalization.NumberStyles]::Float, $Invariant, [ref] $number)
    if (-not $read -or -not ($number -gt 0) -or $number -gt $Most) { throw "$Name must be a number above 0 and at most $Most." }
    return $number
}

function Assert-Endpoint([string] $Text, [string] $PlainHttp) {
    $address = $null
    if (-not [Uri]::TryCreate($Text, [UriKind]::Absolute, [ref] $address)) {
        throw 'Set API_ENDPOINT in config.env to the server''s address, such as https://keytrail.example/api/report.'
    }
    if ($address.Scheme -eq 'https') { return }
    if ($address.Scheme -ne 'http') { throw 'API_ENDPOINT must begin with https://.' }
    if (-not $address.IsLoopback -and $PlainHttp -ne 'yes') {
        throw 'API_ENDPOINT must begin with https:// so that nobody on the way reads the token; ALLOW_PLAIN_HTTP=yes allows http.'
    }
}

# The signatures are those of user32.dll. Ticks are 32 bits and begin anew every 49 days, hence the subtraction modulo 2^32.
Add-Type -TypeDefinition @'
using System;
using System.Runtime.InteropServices;

public static class KeytrailStation {
    [StructLayout(LayoutKind.Sequential)]
    private struct LastInput { public uint Size; public uint Ticks; }

    [DllImport("user32.dll")]
    private static extern bool GetLastInputInfo(ref LastInput info);

    [DllImport("user32.dll", SetLastError = true)]
    private static extern IntPtr OpenInputDesktop(uint flags, bool inherit, uint access);

    [DllImport("user32.dll", SetLastError = true)]
    private static extern bool SwitchDesktop(IntPtr desktop);

    [DllImport("user32.dll", SetLastError = true)]
    private static extern bool CloseDesktop(IntPtr desktop);

    public static double IdleSeconds() {
        LastInput info = new LastInput();
        info.Size = (uint)Marshal.SizeOf(typeof(LastInput));
        if (!GetLastInputInfo(ref info)) { return 0; }
        return unchecked((uint)Environment.TickCount - info.Ticks) / 1000.0;
    }

    // Locked is true while the input goes to a desktop that this session's programs may not switch to.
    public static bool Locked() {
        IntPtr desktop = OpenInputDesktop(0, false, 0x0100);
        if (desktop == IntPtr.Zero) { return true; }
        bool here = SwitchDesktop(desktop);
        CloseDesktop(desktop);
        return !here;
    }
}
'@

# A report is one line of JSON, with its time and its id fixed when it is made: what is sent again is the same.
function New-Report([string] $State, [DateTime] $AtUtc) {
    $report = New-Object PSObject -Property @{
        user             = $script:User
        state            = $State
        ts               = $AtUtc.ToString('yyyy-MM-ddTHH:mm:ss.fffZ', $Invariant)
        workstation      = $script:Workstation
        interval_seconds = [int][Math]::Ceiling($script:Interval)
        event_id         = [Guid]::NewGuid().ToString()
    }
    return (ConvertTo-Json -InputObject $report -Compress)
}

# The file is written whole and then put in the old one's place, so that a kill never leaves half a queue.
function Save-Queue {
    $new = $QueueFile + '.new'
    [IO.File]::WriteAllLines($new, $script:Queue.ToArray())
    if (Test-Path -LiteralPath $QueueFile) { [IO.File]::Replace($new, $QueueFile, [NullString]::Value) }
    else { [IO.File]::Move($new, $QueueFile) }
}

function Add-Report([string] $State, [DateTime] $AtUtc) {
    if ($script:Queue.Count -ge $MaxWaiting) { return } # what waits is older, and stays
    $script:Queue.Add((New-Report $State $AtUtc))
    Save-Queue
}

# Gives 'delivered', 'refused' (for good) or 'later'.
function Send-Report([string] $Body) {
    $headers = @{}
    if ($script:Token) { $headers['Authorization'] = 'Bearer ' + $script:Token }
    $bytes = [Text.Encoding]::UTF8.GetBytes($Body)
    try {
        $null = Invoke-WebRequest -Uri $script:Endpoint -Method Post -Body $bytes -ContentType 'application/json; charset=utf-8' `
            -Headers $headers -TimeoutSec 20 -MaximumRedirection 0 -UseBasicParsing
        return 'delivered'
    } catch {
        $response = $null
        if ($_.Exception -is [Net.WebException]) { $response = $_.Exception.Response }
        if ($null -eq $response) { return 'later' }
        if ($_.ErrorDetails -and $_.ErrorDetails.Message -notmatch '"success"\s*:\s*false') { return 'later' } # a proxy's answer
        switch ([int] $response.StatusCode) {
            409 { return 'delivered' } # it came before, and the answer was lost
            400 { return 'refused' }
            413 { return 'refused' }
            422 { return 'refused' }
        }
        return 'later'
    }
}

# At most a hundred at once, so that the next look is not late by much.
function Send-Waiting {
    for ($i = 0; $i -lt 100 -and $script:Queue.Count -gt 0; $i++) {
        if ((Send-Report $script:Queue[0]) -eq 'later') { break }
        $script:Queue.RemoveAt(0)
        Save-Queue
    }
}

function Show-Notice([string] $Text) {
    $told = Join-Path $StateDir 'notice.txt'
    if ((Test-Path -LiteralPath $told) -and ([IO.File]::ReadAllText($told) -eq $Text)) { return }
    $shell = New-Object -ComObject WScript.Shell
    $null = $shell.Popup($Text, 120, 'Work time is recorded', 64)
    [IO.File]::WriteAllText($told, $Text)
}

# Step looks once: $Now and $Idle say what is seen; the variables of the script remember what was reported.
function Step([DateTime] $Now, [double] $Idle, [bool] $Locked) {
    $active = (-not $Locked) -and ($Idle -lt $script:IdleAfter)
    $gap = ($Now - $script:Seen).TotalSeconds
    if ($script:Working -and ($gap -lt 0 -or $gap -gt 3 * $script:Interval)) {
        Add-Report 'stopped' $script:Seen # the computer slept, or its clock was set
        $script:Working = $false
    }
    if ($active -and (-not $script:Working -or ($Now - $script:Reported).TotalSeconds -ge $script:Interval - $script:Poll / 2)) {
        Add-Report 'working' $Now
        $script:Working = $true
        $script:Reported = $Now
    } elseif (-not $active -and $script:Working) {
        $end = $Now
        if (-not $Locked) { $end = $Now.AddSeconds($script:IdleAfter - $Idle) }
        if ($end -lt $script:Reported) { $end = $script:Reported }
        Add-Report 'stopped' $end
        $script:Working = $false
    }
    $script:Seen = $Now
}

# Only one for each person: a second logon of the same session's person ends here.
$created = $false
$mutex = New-Object Threading.Mutex($true, 'Local\keytrail-report', [ref] $created)
if (-not $created) { exit 0 }

try {
    $null = New-Item -ItemType Directory -Force -Path $StateDir
    # Windows PowerShell offers TLS 1.0 by itself; 1.2 is added, and stronger ones that the system offers are kept.
    [Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType] 3072

    $values = Read-ConfigFile (Join-Path (Split-Path -Parent $MyInvocation.MyCommand.Path) 'config.env')
    $Endpoint = Get-Setting $values 'API_ENDPOINT' ''
    Assert-Endpoint $Endpoint (Get-Setting $values 'ALLOW_PLAIN_HTTP' '')
    $Token = Get-Setting $values 'DEVICE_TOKEN' ''
    $IdleAfter = 60 * (Get-Number $values 'IDLE_THRESHOLD_MINUTES' '10' 240)
    $Poll = Get-Number $values 'POLL_INTERVAL_SECONDS' '60' 600
    $Repeat = 60 * (Get-Number $values 'REPORT_INTERVAL_MINUTES' '1' 60)
    $Interval = $Poll * [Math]::Ceiling($Repeat / $Poll) # reports are made at looks only
    $User = Get-Setting $values 'WORK_USER' ($env:UserDomain + '\' + $env:UserName)
    $Workstation = Get-Setting $values 'WORKSTATION_NAME' $env:ComputerName
    $purpose = Get-Setting $values 'WORK_HOURS_PURPOSE' 'as your employer has told you'
    Show-Notice (Get-Setting $values 'NOTICE' ("Work time is recorded on this computer: when you work and when you stop, with your user name ($User) " +
        "and the computer's name ($Workstation). Nothing else is: no keys, no windows, no screens, no places.`nWhy: $purpose"))

    $Queue = New-Object 'Collections.Generic.List[string]'
    if (Test-Path -LiteralPath $QueueFile) {
        foreach ($line in [IO.File]::ReadAllLines($QueueFile)) { if ($line) { $Queue.Add($line) } }
    }
    $Working = $false
    $Seen = [DateTime]::UtcNow
    $Reported = $Seen
    try {
        while ($true) {
            Step ([DateTime]::UtcNow) ([KeytrailStation]::IdleSeconds()) ([KeytrailStation]::Locked())
            Send-Waiting
            Start-Sleep -Milliseconds ([int] ($Poll * 1000))
        }
    } finally {
        if ($Working) {
            Add-Report 'stopped' ([DateTime]::UtcNow)
            Send-Waiting
        }
    }
} catch {
    [IO.File]::WriteAllText((Join-Path $StateDir 'problem.txt'), [DateTime]::UtcNow.ToString('u') + ' ' + $_.Exception.Message)
    throw
} finally {
    $mutex.ReleaseMutex()
    $mutex.Dispose()
}
