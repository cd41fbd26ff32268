# Builds the build program when its sources changed, then runs it; every argument is the program's.
# The same as build.sh for PowerShell 7, but for the lock between two starts. It has run once, with
# PowerShell 7.6.9 on Linux, and never on Windows; build.sh is what the tests cover.
$ErrorActionPreference = 'Stop'
# A link to this file may lie anywhere.
$real = (Get-Item $PSCommandPath).ResolveLinkTarget($true)
$root = if ($real) { Split-Path $real.FullName } else { $PSScriptRoot }
$state = Join-Path $root 'artifacts/dotnet'
$sdk = Join-Path $root 'artifacts/dotnet-sdk'
$exe = if ($IsWindows) { 'dotnet.exe' } else { 'dotnet' }
$env:DOTNET_NOLOGO = '1'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'

function Fail([string] $message) { [Console]::Error.WriteLine("build.ps1: $message"); exit 1 }

function Say([string] $message) { [Console]::Error.WriteLine("build.ps1: $message") }

function Find-Sdk {
    $onPath = Get-Command dotnet -CommandType Application -ErrorAction Ignore | Select-Object -First 1
    foreach ($candidate in @($onPath.Source, (Join-Path $sdk $exe))) {
        if (-not $candidate -or -not (Test-Path $candidate)) { continue }
        Push-Location $root
        try { & $candidate --version *> $null; if ($LASTEXITCODE -eq 0) { return $candidate } } finally { Pop-Location }
    }
}

function Install-Sdk {
    $script = Join-Path $root 'artifacts/dotnet-install.ps1'
    try { Invoke-WebRequest 'https://dot.net/v1/dotnet-install.ps1' -OutFile $script }
    catch { Fail "cannot fetch dotnet-install.ps1 ($_). Install the .NET SDK 10.0 from https://dot.net/download." }
    & $script -Channel 10.0 -InstallDir $sdk -NoPath
}

function Get-Program([string] $packages) {
    $files = @(Get-ChildItem (Join-Path $root 'build') -Recurse -File) + @(Get-ChildItem $root -File |
        Where-Object { $_.Name -like 'Directory.*' -or $_.Extension -in '.json', '.config' })
    $text = ($files | Where-Object Name -NotLike 'packages.*.lock.json' | Sort-Object FullName |
        ForEach-Object { "$($_.FullName) $($_.LastWriteTimeUtc.Ticks) $($_.Length)" }) -join "`n"
    $hash = [Security.Cryptography.SHA256]::HashData([Text.Encoding]::UTF8.GetBytes($text))
    Join-Path $state "$packages/host/$([Convert]::ToHexString($hash).Substring(0, 16))"
}

function Get-Packages([string] $dotnet) {
    $answer = Join-Path $state 'cake-packages'
    if ($env:CAKE_PACKAGES) { return $env:CAKE_PACKAGES }
    if (Test-Path $answer) { return (Get-Content $answer -Raw).Trim() }
    Say 'asking the package feed for Cake.Frosting (once for each checkout)'
    $log = & $dotnet restore (Join-Path $root 'build/Probe/Probe.csproj') -v q "-p:ArtifactsPath=$state/probe" 2>&1 | Out-String
    $packages = if ($LASTEXITCODE -eq 0) { 'nuget' }
        elseif ($log -notmatch 'NU1301' -and $log -match 'NU110[123].*Cake\.') { 'tool' }
        else { Fail "$log`nthe package feed did not say whether it has Cake.Frosting; CAKE_PACKAGES=tool or =nuget skips the question." }
    New-Item -ItemType Directory -Force $state | Out-Null
    Set-Content $answer $packages
    return $packages
}

$dotnet = Find-Sdk
if (-not $dotnet -and $args -contains '--provision') { Install-Sdk; $dotnet = Find-Sdk }
if (-not $dotnet) { Fail 'the .NET SDK 10.0 is missing. Install it from https://dot.net/download, or add --provision to have it put into artifacts/dotnet-sdk.' }

$packages = Get-Packages $dotnet
$program = Get-Program $packages
if (-not (Test-Path (Join-Path $program '.dotnet'))) {
    Say 'compiling the build program in build/ (at the first start and after a change; about a minute)'
    $log = & $dotnet build (Join-Path $root 'build/Host/Host.csproj') -c Release -o $program "-p:CakePackages=$packages" -nologo -v q '-clp:NoSummary;ErrorsOnly' 2>&1 | Out-String
    if ($LASTEXITCODE -ne 0) { Fail "$log`nthe build program does not compile; its errors are above." }
    Set-Content (Join-Path $program '.dotnet') $dotnet
}

# Paths on the command line are those of who typed them; the program itself works in the repository.
$env:GFXBAKE_CALLER = (Get-Location -PSProvider FileSystem).ProviderPath
& $dotnet exec (Join-Path $program 'Gfxbake.Build.dll') @args
exit $LASTEXITCODE
