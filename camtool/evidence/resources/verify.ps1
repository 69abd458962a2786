# Kiểm tra gói dữ liệu này / checks this package. Windows PowerShell 5.1 trở lên / or later, không cần camtool.
#
#   powershell -ExecutionPolicy Bypass -File verify.ps1 MÃ-SỐ-2      (mã số 2 trên phiếu niêm phong giấy)
#   powershell -ExecutionPolicy Bypass -File verify.ps1 CODE-2       (code 2 of the paper seal sheet)
#
# .NET tính được SHA-256 nhưng không biết chữ ký Ed25519: cần openssl.exe (bản 3; Git for Windows có sẵn).
# .NET computes SHA-256 but knows no Ed25519: openssl.exe is needed for the signature (version 3; Git for Windows has it).
# Không có openssl thì kết luận cao nhất là KHÔNG KIỂM TRA ĐƯỢC / without it the verdict is the third at best.
#
# Kết luận là dòng cuối cùng / the last line is the verdict: ĐẠT (0), KHÔNG ĐẠT (1), KHÔNG KIỂM TRA ĐƯỢC (2).
# Tệp này nằm trong gói nên cũng có thể bị sửa / this file lies in the package and may have been changed too.

param(
    [Parameter(ValueFromRemainingArguments = $true)][string[]]$Code,
    [string]$TsaCa = '',
    [string]$Package = ''
)

Set-StrictMode -Version 2
$ErrorActionPreference = 'Stop'
try { [Console]::OutputEncoding = [Text.Encoding]::UTF8 } catch { }

$script:Faults = 0
$script:Unchecked = 0
$Tag = 'tagmanifest-sha256.txt'
$Payload = 'manifest-sha256.txt'
$Log = 'data/ho_so/custody.jsonl'
$Strict = New-Object Text.UTF8Encoding($false, $true)

function Plain([string]$Text) { [regex]::Replace($Text, '[\p{C}\p{Zl}\p{Zp}]', '?') }
function Fault([string]$Name, [string]$What) { $script:Faults++; "! $(Plain $Name): $What" | Out-Host }
function Skip([string]$Name, [string]$What) { $script:Unchecked++; "? $(Plain $Name): $What" | Out-Host }
# A file that is there and cannot be read is told of once, and nothing is said about it that was not seen.
function Unread([string]$Name) {
    if (-not $Unreadable.ContainsKey($Name)) { $Unreadable[$Name] = ''; Skip $Name 'không đọc được / cannot be read' }
}
function Good([string]$What) { "$([char]0x2713) $What" | Out-Host }
function Finish([int]$Exit) {
    '' | Out-Host
    @('ĐẠT', 'KHÔNG ĐẠT', 'KHÔNG KIỂM TRA ĐƯỢC')[$Exit] | Out-Host
    exit $Exit
}
# Whatever ends this script early ends it with the third verdict.
trap { "? $(Plain $_.Exception.Message)" | Out-Host; Finish 2 }

function Hex([byte[]]$Bytes) { ([BitConverter]::ToString($Bytes) -replace '-', '').ToLowerInvariant() }
function HashOf([byte[]]$Bytes) {
    $sha = [Security.Cryptography.SHA256]::Create()
    try { Hex ($sha.ComputeHash($Bytes)) } finally { $sha.Dispose() }
}
function HashOfFile([string]$Path) {
    $sha = [Security.Cryptography.SHA256]::Create()
    $file = New-Object IO.FileStream($Path, [IO.FileMode]::Open, [IO.FileAccess]::Read, [IO.FileShare]::Read, 4194304)
    try { Hex ($sha.ComputeHash($file)) } finally { $file.Dispose(); $sha.Dispose() }
}
function Fours([string]$Digits) { ($Digits -replace '(.{4})', '$1 ').Trim() }
function StartPart { $script:Before = $script:Faults; $script:Doubts = $script:Unchecked }
function IsClean { $script:Faults -eq $script:Before -and $script:Unchecked -eq $script:Doubts } # since StartPart
function NewTable { New-Object 'Collections.Generic.Dictionary[string,string]' ([StringComparer]::Ordinal) }

$Paper = ((@($Code) -join '') -replace '[\s:-]', '').ToLowerInvariant()
if ($Paper -ne '' -and $Paper -notmatch '^[0-9a-f]{64}$') {
    'powershell -ExecutionPolicy Bypass -File verify.ps1 MÃ-SỐ-2 [-TsaCa CA.PEM] [-Package DIR]' | Out-Host
    Finish 2
}
if ($TsaCa -ne '') { $TsaCa = (Resolve-Path -LiteralPath $TsaCa).ProviderPath }
if ($Package -eq '') { $Package = Split-Path -Parent $MyInvocation.MyCommand.Path }
$Root = (Resolve-Path -LiteralPath $Package).ProviderPath # kept as it is: E: without its stroke would be another folder
function At([string]$Name) { [IO.Path]::Combine($Root, $Name.Replace('/', [IO.Path]::DirectorySeparatorChar)) }

# ---- 1. Which files are there, and which were sealed
StartPart
$There = NewTable
$Folders = NewTable
$Shut = NewTable
$Unreadable = NewTable
function Walk([string]$Folder, [string]$Prefix) {
    try { $items = @((New-Object IO.DirectoryInfo($Folder)).GetFileSystemInfos()) }
    catch {
        $Shut[$Prefix] = ''
        Skip "./$Prefix" 'không xem được trong thư mục / the folder cannot be looked into'
        return
    }
    foreach ($item in $items) {
        $name = $Prefix + $item.Name
        if (($item.Attributes -band [IO.FileAttributes]::ReparsePoint) -ne 0) {
            Fault $name 'đường dẫn liên kết, không phải tệp / a link, not a file'
        } elseif (($item.Attributes -band [IO.FileAttributes]::Directory) -ne 0) {
            $Folders[$name] = ''
            Walk $item.FullName ($name + '/')
        } else {
            $There[$name] = [string]$item.Length
            if (-not $name.IsNormalized([Text.NormalizationForm]::FormC)) {
                Fault $name 'tên tệp ở dạng Unicode NFD / a file name in Unicode NFD'
            }
        }
    }
}
Walk $Root ''
function IsHidden([string]$Name) { # whether it cannot be said if it is there
    foreach ($folder in $Shut.Keys) { if ($Name.StartsWith($folder, [StringComparison]::Ordinal)) { return $true } }
    $false
}
function IsDark([string]$Name) { $Unreadable.ContainsKey($Name) -or (IsHidden $Name) }
function ListOf([string]$Name) { if ("$Name/".StartsWith('data/', [StringComparison]::Ordinal)) { $Payload } else { $Tag } }
function CanRead([string]$Name) {
    if (-not $There.ContainsKey($Name)) { return $false }
    try { [IO.File]::OpenRead((At $Name)).Dispose(); $true } catch { Unread $Name; $false }
}
function ReadLines([string]$Name) {
    if (-not (CanRead $Name)) { return @() }
    try { $text = $Strict.GetString([IO.File]::ReadAllBytes((At $Name))) }
    catch [ArgumentException] { Fault $Name 'không phải UTF-8 / not UTF-8'; return @() }
    if (-not $text.EndsWith("`n")) { Fault $Name 'dòng cuối bị cắt / the last line is cut off'; return @() }
    $text.Substring(0, $text.Length - 1).Split("`n")
}
$Sealed = NewTable
function ReadList([string]$Name, [bool]$Inside) {
    $number = 0
    foreach ($line in @(ReadLines $Name)) {
        $number++
        $fit = $line -cmatch '\A([0-9a-f]{64})  ([^\x00-\x1f\x7f\\%<>:"|?*]+)\z'
        if ($fit) {
            $hash = $Matches[1]; $path = $Matches[2]
            $parts = $path.Split('/')
            $unfit = @($parts | Where-Object { $_ -eq '' -or $_ -eq '.' -or $_ -eq '..' -or $_ -ne $_.Trim() -or $_.EndsWith('.') })
            $fit = $unfit.Count -eq 0 -and -not $Sealed.ContainsKey($path) -and $path.StartsWith('data/', [StringComparison]::Ordinal) -eq $Inside
        }
        if ($fit) { $Sealed[$path] = $hash } else { Fault "${Name}:$number" 'dòng không hợp lệ / not a line of a list of files' }
    }
}
ReadList $Tag $false
$Named = 'bagit.txt', 'bag-info.txt', $Payload, 'DOC_TRUOC.txt', 'signer.pub.pem', 'allowed_signers', 'verify.sh', 'verify.ps1'
foreach ($name in $Named) {
    if (-not $Sealed.ContainsKey($name) -and -not (IsDark $Tag)) { Fault $name "không có trong $Tag / not listed in $Tag" }
}
ReadList $Payload $true
if (-not $Sealed.ContainsKey($Log) -and -not (IsDark $Payload)) { Fault $Log "không có trong $Payload / not listed in $Payload" }

$Info = NewTable
foreach ($line in @(ReadLines 'bag-info.txt')) {
    $label, $value = $line -split ': ', 2
    if ($null -eq $value -or $Info.ContainsKey($label)) { Fault 'bag-info.txt' 'dòng thừa hoặc sai / a line is wrong or twice' }
    else { $Info[$label] = $value }
}
$Informed = -not (IsDark 'bag-info.txt')
foreach ($label in 'Payload-Oxum', 'Sealed-At', 'Custody-Head', 'Custody-Entries', 'Key-Fingerprint', 'Time-Stamp') {
    if (-not $Info.ContainsKey($label)) {
        $Info[$label] = ''
        if ($Informed) { Fault 'bag-info.txt' "thiếu dòng / a line is missing: $label" }
    }
}
$Stamped = $Info['Time-Stamp'] -ceq 'RFC 3161'
if ($Informed -and -not $Stamped -and $Info['Time-Stamp'] -cne 'none') { Fault 'bag-info.txt' 'Time-Stamp' }
$Wanted = NewTable
foreach ($name in $Sealed.Keys) { $Wanted[$name] = '' }
foreach ($name in @($Tag, "$Tag.sig", "$Tag.sshsig", $Log) + $Named) { $Wanted[$name] = '' }
if ($Stamped -or (-not $Informed -and $There.ContainsKey("$Tag.tsr"))) { $Wanted["$Tag.tsr"] = '' }
foreach ($name in $Wanted.Keys) {
    if (-not $There.ContainsKey($name) -and -not (IsHidden $name)) { Fault $name 'thiếu tệp / missing' }
}
foreach ($name in $There.Keys) {
    if (-not $Wanted.ContainsKey($name) -and -not (IsDark (ListOf $name))) { Fault $name 'tệp lạ, không có khi niêm phong / planted: not there when it was sealed' }
}
$Needed = NewTable
foreach ($name in $Wanted.Keys) {
    $at = $name.IndexOf('/')
    while ($at -ge 0) { $Needed[$name.Substring(0, $at)] = ''; $at = $name.IndexOf('/', $at + 1) }
}
foreach ($name in $Folders.Keys) {
    if (-not $Needed.ContainsKey($name) -and -not (IsDark (ListOf $name))) { Fault $name 'thư mục lạ / a folder that was not there when it was sealed' }
}

# ---- 2. Every file by its hash
$all = 0
foreach ($name in $Sealed.Keys) {
    if (-not $There.ContainsKey($name)) { continue }
    $all++
    try { $found = HashOfFile (At $name) } catch { Unread $name; continue }
    if ($found -cne $Sealed[$name]) { Fault $name 'đã bị thay đổi / changed' }
}
if ($Sealed.Count -eq 0 -and $script:Unchecked -eq 0) { Fault '.' 'không có danh sách tệp nào / there is no list of files' }
if ((CanRead 'bagit.txt') -and (@(ReadLines 'bagit.txt') -join '|') -cne 'BagIt-Version: 1.0|Tag-File-Character-Encoding: UTF-8') {
    Fault 'bagit.txt' 'không phải BagIt 1.0 / not BagIt 1.0'
}
[long]$bytes = 0; $files = 0
foreach ($name in $There.Keys) { if ($name.StartsWith('data/')) { $bytes += [long]$There[$name]; $files++ } }
$dark = @($Shut.Keys | Where-Object { $_ -eq '' -or $_.StartsWith('data/', [StringComparison]::Ordinal) }).Count
if ($Informed -and $dark -eq 0 -and "$bytes.$files" -cne $Info['Payload-Oxum']) { Fault 'bag-info.txt' "Payload-Oxum: $bytes.$files" }
if (IsClean) { Good "tệp: $all; không thừa, không thiếu, không đổi / files: none planted, missing or changed" }

# ---- 3. Whose seal
StartPart
$Own = ''
$Der = [byte[]]@()
if (CanRead 'signer.pub.pem') {
    $pem = [IO.File]::ReadAllText((At 'signer.pub.pem'))
    if ($pem -match '\A-----BEGIN PUBLIC KEY-----\s+([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----\s*\z') {
        try { $Der = [Convert]::FromBase64String(($Matches[1] -replace '\s', '')) } catch [FormatException] { }
    }
    # An Ed25519 key in DER: 12 bytes that are always the same (RFC 8410), then the key.
    if ($Der.Length -eq 44 -and (Hex $Der).StartsWith('302a300506032b6570032100')) { $Own = HashOf $Der }
    else { Fault 'signer.pub.pem' 'không phải khóa Ed25519 / not an Ed25519 key' }
}
if ($Paper -eq '') { Skip 'signer.pub.pem' 'chưa có mã số 2 từ phiếu giấy / code 2 of the paper sheet was not given' }
elseif ($Own -ne '' -and $Own -cne $Paper) { Fault 'signer.pub.pem' "khóa khác với phiếu giấy / not the key of the paper sheet: $Own" }
if ($Informed -and $Own -ne '' -and $Own -cne $Info['Key-Fingerprint']) { Fault 'bag-info.txt' 'Key-Fingerprint: khóa khác / another key' }

# openssl from PATH, else the one of Git for Windows; never one that lies in the package.
$OpenSsl = $null
$places = @(Get-Command openssl -CommandType Application -ErrorAction SilentlyContinue | ForEach-Object { $_.Path })
foreach ($base in $env:ProgramFiles, ${env:ProgramFiles(x86)}) { if ($base) { $places += (Join-Path $base 'Git\usr\bin\openssl.exe') } }
foreach ($place in $places) {
    if ($place -and (Test-Path -LiteralPath $place) -and -not $place.StartsWith($Root, [StringComparison]::OrdinalIgnoreCase)) { $OpenSsl = $place; break }
}
function Ask([string[]]$Words) { # exit code and words of openssl; what it writes to stderr is no error of this script
    $old = $ErrorActionPreference
    $ErrorActionPreference = 'Continue'
    try { $said = (& $OpenSsl @Words 2>&1 | ForEach-Object { "$_" }) -join "`n"; , @($LASTEXITCODE, $said) }
    finally { $ErrorActionPreference = $old }
}
if ($null -ne $OpenSsl -and (Ask @('pkeyutl', '-help'))[1] -notmatch '-rawin') { $OpenSsl = $null }
if ($null -eq $OpenSsl) {
    Skip "$Tag.sig" 'không có openssl 3: chữ ký chưa được kiểm / no openssl 3 here: the signature was not checked'
} elseif ($Own -ne '' -and (CanRead $Tag) -and (CanRead "$Tag.sig")) {
    $answer = Ask @('pkeyutl', '-verify', '-pubin', '-inkey', (At 'signer.pub.pem'), '-rawin', '-in', (At $Tag), '-sigfile', (At "$Tag.sig"))
    if ($There["$Tag.sig"] -ne '64' -or $answer[0] -ne 0) { Fault "$Tag.sig" 'chữ ký sai / the signature does not hold' }
}
if ($Own -ne '') {
    $wire = [byte[]](@(0, 0, 0, 11) + [Text.Encoding]::ASCII.GetBytes('ssh-ed25519') + @(0, 0, 0, 32) + $Der[12..43])
    $key = [Convert]::ToBase64String($wire)
    $line = @(ReadLines 'allowed_signers') -join '|'
    $sealedAt = [regex]::Match($Info['Sealed-At'], '\A(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?Z\z')
    $span = [regex]::Match($line, '\Acamtool valid-after="(\d{14})Z",valid-before="(\d{14})Z",namespaces="camtool-package" ssh-ed25519 (\S+)\z')
    if (IsDark 'allowed_signers') { } # told of
    elseif (-not $span.Success -or $span.Groups[3].Value -cne $key) { Fault 'allowed_signers' 'khóa hoặc thời hạn sai / not the key and its time' }
    elseif (-not $Informed) { } # told of
    elseif (-not $sealedAt.Success) { Fault 'bag-info.txt' 'Sealed-At' }
    else {
        [long]$when = (1..6 | ForEach-Object { $sealedAt.Groups[$_].Value }) -join ''
        if ($when -lt [long]$span.Groups[1].Value -or $when -ge [long]$span.Groups[2].Value) {
            Fault 'allowed_signers' 'khóa hết hạn khi niêm phong / the key was not good when it sealed'
        }
    }
}
# The SSH signature: its frame, and that it is of this key; its own arithmetic is openssl's too, over a file of our own.
if ($Own -ne '' -and (CanRead "$Tag.sshsig") -and (CanRead $Tag)) {
    $ascii = [Text.Encoding]::ASCII
    $lines = @(ReadLines "$Tag.sshsig")
    $blob = [byte[]]@()
    if ($lines.Count -gt 2) { try { $blob = [Convert]::FromBase64String(($lines[1..($lines.Count - 2)] -join '')) } catch [FormatException] { } }
    $mid = @(0, 0, 0, 15) + $ascii.GetBytes('camtool-package') + @(0, 0, 0, 0, 0, 0, 0, 6) + $ascii.GetBytes('sha512')
    $front = [byte[]]($ascii.GetBytes('SSHSIG') + @(0, 0, 0, 1, 0, 0, 0, 51) + $wire + $mid + @(0, 0, 0, 83, 0, 0, 0, 11) + $ascii.GetBytes('ssh-ed25519') + @(0, 0, 0, 64))
    $text = ''
    if ($blob.Length -eq $front.Length + 64 -and (Hex $blob).StartsWith((Hex $front))) {
        $text = "-----BEGIN SSH SIGNATURE-----`n" + ([Convert]::ToBase64String($blob) -replace '(.{1,70})', "`$1`n") + "-----END SSH SIGNATURE-----`n"
    }
    $fit = $text -ne '' -and $text -ceq [IO.File]::ReadAllText((At "$Tag.sshsig"))
    if ($fit -and $null -ne $OpenSsl) {
        $sha = [Security.Cryptography.SHA512]::Create()
        $data = [byte[]]($ascii.GetBytes('SSHSIG') + $mid + @(0, 0, 0, 64) + $sha.ComputeHash([IO.File]::ReadAllBytes((At $Tag))))
        $one = [IO.Path]::GetTempFileName(); $two = [IO.Path]::GetTempFileName()
        try {
            [IO.File]::WriteAllBytes($one, $data)
            [IO.File]::WriteAllBytes($two, [byte[]]$blob[$front.Length..($blob.Length - 1)])
            $fit = (Ask @('pkeyutl', '-verify', '-pubin', '-inkey', (At 'signer.pub.pem'), '-rawin', '-in', $one, '-sigfile', $two))[0] -eq 0
        } finally { [IO.File]::Delete($one); [IO.File]::Delete($two) }
    }
    if (-not $fit) { Fault "$Tag.sshsig" 'chữ ký SSH sai / the SSH signature does not hold' }
}
$whole = $Own -ne '' -and (CanRead $Tag) -and (CanRead "$Tag.sig") -and (CanRead "$Tag.sshsig")
if ($whole -and (IsClean) -and $script:Unchecked -eq 0) {
    Good "niêm phong: đúng khóa trên phiếu giấy / sealed by the key of the paper sheet, $($Info['Sealed-At'])"
}

# ---- 4. Time-stamp
if ($Info['Time-Stamp'] -ceq 'none') { '- dấu thời gian: không có / not stamped' | Out-Host }
elseif (-not ((CanRead "$Tag.tsr") -and (CanRead $Tag))) { } # told of
elseif ($null -eq $OpenSsl -or $TsaCa -eq '') { Skip "$Tag.tsr" 'dấu thời gian chưa được kiểm / needs openssl and -TsaCa CA.PEM' }
else {
    $text = (Ask @('ts', '-reply', '-in', (At "$Tag.tsr"), '-text'))[1]
    $time = [regex]::Match($text, '(?m)^Time stamp: (\w{3}) +(\d+) (\d\d):(\d\d):(\d\d)\S* (\d{4}) GMT')
    $fit = $time.Success
    if ($fit) {
        $month = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.IndexOf($time.Groups[1].Value) / 4 + 1
        $part = @(2, 3, 4, 5, 6 | ForEach-Object { [int]$time.Groups[$_].Value })
        $moment = New-Object DateTime($part[4], $month, $part[0], $part[1], $part[2], $part[3], ([DateTimeKind]::Utc))
        $epoch = [long]($moment - (New-Object DateTime(1970, 1, 1, 0, 0, 0, ([DateTimeKind]::Utc)))).TotalSeconds
        $fit = (Ask @('ts', '-verify', '-data', (At $Tag), '-in', (At "$Tag.tsr"), '-CAfile', $TsaCa, '-attime', "$epoch"))[0] -eq 0
    }
    if ($fit) { Good "dấu thời gian / time-stamp: $($moment.ToString('yyyy-MM-dd HH:mm:ss')) UTC" }
    else { Fault "$Tag.tsr" 'dấu thời gian sai / the time-stamp does not hold' }
}

# ---- 5. The custody log, row by row
StartPart
$Head = '0' * 64
$rows = @(ReadLines $Log)
for ($at = 0; $at -lt $rows.Count; $at++) {
    $found = [regex]::Match($rows[$at], '.*,"n":([0-9]+),"object":.*,"prev":"([0-9a-f]{64})","result":')
    $broken = -not $found.Success -or [long]$found.Groups[1].Value -ne $at + 1 -or $found.Groups[2].Value -cne $Head
    # A row that a power cut left half written is named by the row behind it.
    if (-not $found.Success -and $at + 1 -lt $rows.Count -and $rows[$at + 1].Contains('"act":"resume",')) { $broken = $false }
    if ($broken) { Fault "${Log}:$($at + 1)" 'chuỗi nhật ký bị đứt ở dòng này / the chain of the log breaks at this row' }
    $Head = HashOf ($Strict.GetBytes($rows[$at]))
}
$read = -not (IsDark $Log)
if ($read -and $Informed -and "$($rows.Count)" -cne $Info['Custody-Entries']) { Fault $Log "$($rows.Count) dòng, khác số đã niêm phong / rows, not as many as were sealed" }
if ($read -and $Informed -and $Head -cne $Info['Custody-Head']) { Fault $Log 'mã số 3 khác lúc niêm phong / the head is not the one that was sealed' }
if ($read -and $Informed -and (IsClean)) { Good "nhật ký: $($rows.Count) dòng, liền mạch / custody log: $($rows.Count) rows, unbroken" }

'- không kiểm ở đây: hình bị ẩn trong đoạn trích, so với bản ghi gốc (camtool verify, ffmpeg: xem DOC_TRUOC.txt)' | Out-Host
'- not looked at here: pictures hidden in a clip, the original recordings (camtool verify, ffmpeg: DOC_TRUOC.txt)' | Out-Host
'' | Out-Host
'So với phiếu niêm phong giấy / compare with the paper seal sheet:' | Out-Host
if (CanRead $Tag) { "  1. $(Fours (HashOfFile (At $Tag)))" | Out-Host }
if ($Own -ne '') { "  2. $(Fours $Own)" | Out-Host }
if ($rows.Count -gt 0) { "  3. $(Fours $Head)" | Out-Host }
if ($script:Faults -gt 0) { Finish 1 }
if ($script:Unchecked -gt 0) { Finish 2 }
Finish 0
