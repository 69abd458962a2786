# Index and hash what is new; keeps one JSON answer a night in the site's folder nightly\, the last 60 of them.
param(
    [Parameter(Mandatory = $true)][string]$Site,
    [string]$Camtool = 'camtool'
)
$ErrorActionPreference = 'Stop'  # a program that is not there ends the script with 1, not quietly with 0
$env:CAMTOOL_SITE = $Site
$log = Join-Path $Site 'nightly'
New-Item -ItemType Directory -Force -Path $log | Out-Null
$night = Get-Date -Format 'yyyy-MM-dd_HHmmss'
$json = Join-Path $log "$night.json"
$messages = Join-Path $log "$night.log"

$run = Start-Process -FilePath $Camtool -ArgumentList '--json', 'index', '--hash', 'new' -NoNewWindow -Wait -PassThru `
    -RedirectStandardOutput $json -RedirectStandardError $messages
$code = $run.ExitCode
switch ($code) {
    0 { }
    3 { Write-Warning "camtool: done, with problems listed in $json"; $code = 0 }
    30 { Write-Warning "camtool: another run is at work on $Site, or the catalog cannot be read: $messages" }
    default { Write-Warning "camtool: the nightly run failed with code ${code}: $messages" }
}

# Keep the last 60 nights: their names sort by time. Nothing else in the folder is touched.
Get-ChildItem $log -File -Filter '*.json' | Where-Object Name -Match '^\d{4}-\d\d-\d\d_\d{6}\.json$' |
    Sort-Object Name -Descending | Select-Object -Skip 60 | ForEach-Object {
        Remove-Item -Force -ErrorAction SilentlyContinue $_.FullName, ($_.FullName -replace '\.json$', '.log')
    }
exit $code
