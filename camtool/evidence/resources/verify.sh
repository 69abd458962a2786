#!/bin/sh
# Kiểm tra gói dữ liệu này / checks this package. Không cần camtool / without camtool.
#
#   sh verify.sh MÃ-SỐ-2            mã số 2 trên phiếu niêm phong giấy / code 2 of the paper seal sheet
#   sh verify.sh MÃ-SỐ-2 --tsa-ca CA.PEM --package DIR
#
# Cần / needs: sha256sum, openssl 3, find, sort, awk, sed, grep, tr, od, cmp, tail, head, wc, ls, cat, xargs, fold, cut.
# Kết luận là dòng cuối cùng / the last line is the verdict:
#   ĐẠT (0)   KHÔNG ĐẠT (1)   KHÔNG KIỂM TRA ĐƯỢC (2)
# Tệp này nằm trong gói nên cũng có thể bị sửa: khi nghi ngờ, tự gõ các lệnh trong DOC_TRUOC.txt.
# This file lies in the package and may have been changed too: when in doubt, type the commands of DOC_TRUOC.txt.

set -u
LC_ALL=C
export LC_ALL
unset CDPATH POSIXLY_CORRECT AWKPATH OPENSSL_CONF
umask 077

faults=0
unchecked=0
work=

finish() {
    code=$1
    [ -n "$work" ] && rm -rf "$work"
    trap - EXIT
    echo
    case $code in
        0) echo "ĐẠT" ;;
        1) echo "KHÔNG ĐẠT" ;;
        *) echo "KHÔNG KIỂM TRA ĐƯỢC" ;;
    esac
    exit "$code"
}
# Whatever ends this script early ends it with the third verdict.
trap 'finish 2' EXIT
trap 'finish 2' HUP INT TERM

shown() { printf '%s' "$1" | tr -c '\040-\176' '?'; }
fault() { # file, what
    faults=$((faults + 1))
    printf '! %s: %s\n' "$(shown "$1")" "$2"
}
skip() {
    unchecked=$((unchecked + 1))
    printf '? %s: %s\n' "$(shown "$1")" "$2"
}
# A line of its own for each name in a file; no name in there holds a control character.
faults_in() { # list, what
    while IFS= read -r name; do
        fault "$name" "$2"
    done <"$1"
}
minus() { # lines of the first list that the second has not, into the third
    awk -v other="$2" 'BEGIN { while ((getline line < other) > 0) has[line] = 1 } !($0 in has)' "$1" >"$3" ||
        skip . "awk không chạy đúng / awk does not work here"
}
# A file that is there and could not be read is told of once, and nothing is said about it that was not seen.
can() { # file: whether it is a file, no link, and can be read
    [ -f "$1" ] && [ ! -L "$1" ] || return 1
    cat -- "$1" >/dev/null 2>&1 && return 0
    unread "$1"
    return 1
}
unread() { is_unread "$1" || { echo "$1" >>"$work/unread" && skip "$1" "không đọc được / cannot be read"; }; }
is_unread() { grep -q -x -F -e "$1" "$work/unread"; }
# The names in the first list that are not in a folder which could not be looked into, into the second.
in_sight() {
    awk -v shut="$work/shut" 'BEGIN { while ((getline line < shut) > 0) is[line] = 1 }
        { path = $0; hidden = "." in is
          while (match(path, /\/[^\/]*$/)) { path = substr(path, 1, RSTART - 1); if (path in is) hidden = 1 }
          if (!hidden) print }' "$1" >"$2" || skip . "awk không chạy đúng / awk does not work here"
}
begin() {
    before=$faults
    doubts=$unchecked
}
is_clean() { [ "$faults" -eq "$before" ] && [ "$unchecked" -eq "$doubts" ]; } # since begin
good() { printf '✓ %s\n' "$1"; }
usage() {
    echo "sh verify.sh MÃ-SỐ-2 [--tsa-ca CA.PEM] [--package DIR]"
    finish 2
}

paper=
ca=
folder=
while [ $# -gt 0 ]; do
    case $1 in
        --tsa-ca | --package | --fingerprint)
            [ $# -gt 1 ] || usage
            case $1 in
                --tsa-ca) ca=$2 ;;
                --package) folder=$2 ;;
                *) paper=$paper$2 ;;
            esac
            shift
            ;;
        -*) usage ;;
        *) paper=$paper$1 ;;
    esac
    shift
done
paper=$(printf '%s' "$paper" | tr -d ' :\t-' | tr 'A-F' 'a-f')
case $paper in
    *[!0-9a-f]*) usage ;;
esac
[ -z "$paper" ] || [ ${#paper} -eq 64 ] || usage
if [ -n "$ca" ]; then
    case $ca in
        /*) ;;
        *) ca=$(pwd)/$ca ;;
    esac
    [ -f "$ca" ] || usage
fi

for tool in sha256sum openssl find sort awk sed grep tr od cmp tail head wc ls cat xargs fold cut mktemp; do
    command -v "$tool" >/dev/null 2>&1 || {
        skip "$tool" "không có lệnh này / this program is missing"
        finish 2
    }
done
# Programs that do not work must not pass for a package that does not hold: FIPS 180-4's example, and one line of awk.
if [ "$(printf abc | sha256sum | cut -c 1-64)" != ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad ] ||
    [ "$(echo '7 8' | awk '{ print $1 + $2 }')" != 15 ]; then
    skip sha256sum "các lệnh ở đây không chạy đúng / sha256sum or awk do not work here"
    finish 2
fi
if [ -z "$folder" ]; then
    case $0 in
        */*) folder=${0%/*} ;;
        *) folder=. ;;
    esac
fi
cd -- "$folder/" 2>/dev/null || {
    skip "$folder" "không mở được thư mục / the folder cannot be opened"
    finish 2
}
work=$(mktemp -d "${TMPDIR:-/tmp}/camtool-verify.XXXXXX") || finish 2

TAG=tagmanifest-sha256.txt
PAYLOAD=manifest-sha256.txt
LOG=data/ho_so/custody.jsonl

# ---- 1. Which files are there, and which were sealed --------------------------------------------------------------
begin
odd='*[[:cntrl:]]*'
# A name with a control character (a line end, say) could pass for another file in any list: never listed, only told of.
find . -name "$odd" -prune -exec sh -c 'for each; do printf "%s" "$each" | tr -c "\040-\176" "?"; echo; done' sh {} + \
    >"$work/odd" 2>"$work/failed"
faults_in "$work/odd" "tên không hợp lệ / no file of a package has such a name"
find . -name "$odd" -prune -o ! -type f ! -type d -print 2>>"$work/failed" | sed 's,^\./,,' >"$work/others"
find . -name "$odd" -prune -o -type f -print 2>>"$work/failed" | sed 's,^\./,,' | sort >"$work/there"
find . -name "$odd" -prune -o -type d -print 2>>"$work/failed" | sed -e '/^\.$/d' -e 's,^\./,,' | sort >"$work/folders"
: >"$work/shut"
: >"$work/unread"
# With -l: where names can be listed, but no more can be learnt of them, find says nothing.
{ echo . && cat "$work/folders"; } | while IFS= read -r name; do
    ls -lA "./$name" >/dev/null 2>&1 || echo "$name"
done | sort >"$work/shut"
while IFS= read -r name; do
    skip "$name" "không xem được trong thư mục / the folder cannot be looked into"
done <"$work/shut"
[ ! -s "$work/failed" ] || [ -s "$work/shut" ] || skip . "find không xem được hết / find did not see everything"
# Of a name in a folder that is shut, find knows no more than the name.
in_sight "$work/others" "$work/links"
faults_in "$work/links" "đường dẫn liên kết, không phải tệp / a link or a device, not a file"
# U+0300 to U+036F, accents beside their letters, begin with these bytes, and no other letter of a name does.
if [ "$(tr -cd '\314\315' <"$work/there" | wc -c | tr -d ' ')" != 0 ]; then
    fault . "tên tệp ở dạng Unicode NFD / a file name in Unicode NFD"
fi

# A list of files: 64 hexadecimal digits, two spaces, a path; nothing that two programs could read in two ways.
read_list() { # file, "data" or ""
    : >"$work/list"
    can "$1" || return 0
    tr -d '\000' <"$1" >"$work/bare"
    if ! cmp -s "$work/bare" "$1" || [ -n "$(tail -c 1 "$1" | tr -d '\n')" ]; then
        fault "$1" "danh sách không đọc được / the list cannot be read"
        return 0
    fi
    awk -v inside="$2" -v good="$work/list" -v bad="$work/bad" '
        {
            hash = substr($0, 1, 64); path = substr($0, 67)
            fit = length(hash) == 64 && hash !~ /[^0-9a-f]/ && substr($0, 65, 2) == "  " && path != ""
            fit = fit && path !~ /[\001-\037\177\\%<>:"|?*]/ && path !~ /^\// && path !~ /\/$/ && path !~ /\/\//
            fit = fit && ("/" path "/") !~ /\/\.\.?\// && ("/" path "/") !~ /\/ | \/|\.\// && !(path in seen)
            fit = fit && ((path ~ /^data\//) == (inside == "data"))
            seen[path] = 1
            if (fit) print > good; else print NR > bad
        }' "$1"
    if [ -s "$work/bad" ]; then
        while read -r line; do
            fault "$1:$line" "dòng không hợp lệ / not a line of a list of files"
        done <"$work/bad"
        rm -f "$work/bad"
    fi
}
read_list "$TAG" ""
cat "$work/list" >"$work/sealed"
printf '%s\n' "$TAG" "$TAG.sig" "$TAG.sshsig" "$LOG" >"$work/named"
for name in bagit.txt bag-info.txt "$PAYLOAD" DOC_TRUOC.txt signer.pub.pem allowed_signers verify.sh verify.ps1; do
    echo "$name" >>"$work/named"
    is_unread "$TAG" || awk -v name="$name" 'substr($0, 67) == name { found = 1 } END { exit !found }' "$work/list" ||
        fault "$name" "không có trong $TAG / not listed in $TAG"
done
read_list "$PAYLOAD" data
cat "$work/list" >>"$work/sealed"
is_unread "$PAYLOAD" || awk -v name="$LOG" 'substr($0, 67) == name { found = 1 } END { exit !found }' "$work/list" ||
    fault "$LOG" "không có trong $PAYLOAD / not listed in $PAYLOAD"

informed=
can bag-info.txt && informed=1
info() { # label; prints its value if it is there once
    [ -n "$informed" ] || return 0
    awk -v label="$1: " 'index($0, label) == 1 { n++; value = substr($0, length(label) + 1) }
        END { if (n == 1) print value }' bag-info.txt
}
stamped=$(info Time-Stamp)
is_unread bag-info.txt || case $stamped in
    "RFC 3161" | none) ;;
    *) fault bag-info.txt "thiếu hoặc sai dòng Time-Stamp / Time-Stamp is missing or wrong" ;;
esac
{
    sed 's/^.\{66\}//' "$work/sealed"
    cat "$work/named"
    [ "$stamped" = "RFC 3161" ] && echo "$TAG.tsr"
} | sort -u >"$work/wanted"
minus "$work/wanted" "$work/there" "$work/absent"
in_sight "$work/absent" "$work/missing"
faults_in "$work/missing" "thiếu tệp / missing"
beside() { # names that no list has, into planted: without those whose list could not be read
    awk -v tags="$(is_unread "$TAG" && echo 1)" -v payload="$(is_unread "$PAYLOAD" && echo 1)" \
        -v stamp="$(is_unread bag-info.txt && echo "$TAG.tsr")" '
        ($0 "/") ~ /^data\// ? !payload : !tags && $0 != stamp' "$1" >"$work/planted" ||
        skip . "awk không chạy đúng / awk does not work here"
}
minus "$work/there" "$work/wanted" "$work/strange"
beside "$work/strange"
faults_in "$work/planted" "tệp lạ, không có khi niêm phong / planted: not there when it was sealed"
awk '{ path = $0; while (match(path, /\/[^\/]*$/)) { path = substr(path, 1, RSTART - 1); print path } }' \
    "$work/wanted" | sort -u >"$work/needed"
minus "$work/folders" "$work/needed" "$work/strange"
beside "$work/strange"
faults_in "$work/planted" "thư mục lạ / a folder that was not there when it was sealed"

# ---- 2. Every file by its hash --------------------------------------------------------------------------------------
awk -v there="$work/there" 'BEGIN { while ((getline name < there) > 0) here[name] = 1 }
    substr($0, 67) in here' "$work/sealed" >"$work/tocheck"
if [ -s "$work/tocheck" ]; then
    sha256sum -c "$work/tocheck" >"$work/said" 2>/dev/null
    sed -n 's/: FAILED$//p' "$work/said" >"$work/changed"
    faults_in "$work/changed" "đã bị thay đổi / changed"
    sed -n 's/: FAILED open or read$//p' "$work/said" >"$work/locked"
    while IFS= read -r name; do
        unread "$name"
    done <"$work/locked"
    right=$(grep -c ': OK$' "$work/said")
    all=$(wc -l <"$work/tocheck" | tr -d ' ')
    told=$((right + $(wc -l <"$work/changed") + $(wc -l <"$work/locked")))
    [ "$told" -eq "$all" ] || skip . "sha256sum không trả lời đủ / sha256sum did not answer for every file ($told/$all)"
else
    all=0
    [ "$unchecked" -gt 0 ] || fault . "không có danh sách tệp nào / there is no list of files"
fi
if can bagit.txt; then
    printf 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n' | cmp -s - bagit.txt ||
        fault bagit.txt "không phải BagIt 1.0 / not BagIt 1.0"
fi
oxum=$(find data -name "$odd" -prune -o -type f -exec ls -ln {} + 2>/dev/null |
    awk '{ bytes += $5; files++ } END { printf "%.0f.%d", bytes, files }')
is_unread bag-info.txt || grep -q -x -e '\.' -e data -e 'data/.*' "$work/shut" || [ "$oxum" = "$(info Payload-Oxum)" ] ||
    fault bag-info.txt "Payload-Oxum: $oxum khác số đã niêm phong / is not what was sealed"
is_clean && good "tệp: $all; không thừa, không thiếu, không đổi / files: none planted, missing or changed"

# ---- 3. Whose seal ----------------------------------------------------------------------------------------------------
begin
holds() { # data, signature file: raw Ed25519 by signer.pub.pem
    openssl pkeyutl -verify -pubin -inkey signer.pub.pem -rawin -in "$1" -sigfile "$2" >/dev/null 2>&1
}
own=
if can signer.pub.pem; then
    openssl pkey -pubin -in signer.pub.pem -outform DER -out "$work/der" 2>/dev/null
    # An Ed25519 key in DER: 12 bytes that are always the same (RFC 8410), then the key.
    head=$(head -c 12 "$work/der" 2>/dev/null | od -An -tx1 | tr -d ' \n')
    if [ "$head" = 302a300506032b6570032100 ] && [ "$(wc -c <"$work/der")" -eq 44 ]; then
        own=$(sha256sum <"$work/der" | cut -c 1-64)
    elif openssl list -public-key-algorithms 2>/dev/null | grep -qi ed25519; then
        fault signer.pub.pem "không phải khóa Ed25519 / not an Ed25519 key"
    else
        skip signer.pub.pem "openssl này không biết Ed25519 / this openssl does not know Ed25519"
    fi
fi
if [ -z "$paper" ]; then
    skip signer.pub.pem "chưa có mã số 2 từ phiếu giấy / code 2 of the paper sheet was not given"
elif [ -n "$own" ] && [ "$own" != "$paper" ]; then
    fault signer.pub.pem "khóa khác với phiếu giấy / not the key of the paper sheet: $own"
fi
if [ -n "$own" ]; then
    is_unread bag-info.txt || [ "$own" = "$(info Key-Fingerprint)" ] || fault bag-info.txt "Key-Fingerprint: khóa khác / another key"
    if ! openssl pkeyutl -help 2>&1 | grep -q -e -rawin; then
        skip "$TAG.sig" "openssl quá cũ, cần bản 3 / this openssl is too old, version 3 is needed"
    else
        if can "$TAG.sig" && can "$TAG"; then
            if [ "$(wc -c <"$TAG.sig")" -ne 64 ] || ! holds "$TAG" "$TAG.sig"; then
                fault "$TAG.sig" "chữ ký sai / the signature does not hold"
            fi
        fi
        if can "$TAG.sshsig" && can "$TAG"; then
            # PROTOCOL.sshsig, put together byte by byte and compared; then its signature is checked like the other.
            sed -e 1d -e '$d' "$TAG.sshsig" | openssl base64 -d >"$work/blob" 2>/dev/null
            tail -c 64 "$work/blob" >"$work/sshraw"
            {
                printf 'SSHSIG\000\000\000\001\000\000\000\063\000\000\000\013ssh-ed25519\000\000\000\040'
                tail -c 32 "$work/der"
                printf '\000\000\000\017camtool-package\000\000\000\000\000\000\000\006sha512'
                printf '\000\000\000\123\000\000\000\013ssh-ed25519\000\000\000\100'
                cat "$work/sshraw"
            } >"$work/blob2"
            {
                echo "-----BEGIN SSH SIGNATURE-----"
                openssl base64 -A -in "$work/blob2" | fold -w 70
                echo
                echo "-----END SSH SIGNATURE-----"
            } >"$work/armour"
            {
                printf 'SSHSIG\000\000\000\017camtool-package\000\000\000\000\000\000\000\006sha512\000\000\000\100'
                openssl dgst -sha512 -binary "$TAG"
            } >"$work/signed"
            if ! cmp -s "$work/armour" "$TAG.sshsig" || ! holds "$work/signed" "$work/sshraw"; then
                fault "$TAG.sshsig" "chữ ký SSH sai / the SSH signature does not hold"
            fi
        fi
    fi
    sealed=$(info Sealed-At | sed -n 's/^\(....\)-\(..\)-\(..\)T\(..\):\(..\):\(..\)[.0-9]*Z$/\1\2\3\4\5\6/p')
    can allowed_signers
    from=$(sed -n 's/^camtool valid-after="\([0-9]*\)Z",.*/\1/p' allowed_signers 2>/dev/null)
    to=$(sed -n 's/.*,valid-before="\([0-9]*\)Z",namespaces=.*/\1/p' allowed_signers 2>/dev/null)
    key=$({
        printf '\000\000\000\013ssh-ed25519\000\000\000\040'
        tail -c 32 "$work/der"
    } | openssl base64 -A)
    printf 'camtool valid-after="%sZ",valid-before="%sZ",namespaces="camtool-package" ssh-ed25519 %s\n' \
        "$from" "$to" "$key" >"$work/signers"
    if is_unread allowed_signers; then
        : # told of
    elif ! cmp -s "$work/signers" allowed_signers || [ ${#from} -ne 14 ] || [ ${#to} -ne 14 ]; then
        fault allowed_signers "khóa hoặc thời hạn sai / not the key and its time as they were written"
    elif is_unread bag-info.txt; then
        : # told of
    elif [ ${#sealed} -ne 14 ]; then
        fault bag-info.txt "thiếu hoặc sai dòng Sealed-At / Sealed-At is missing or wrong"
    elif ! awk -v at="$sealed" -v from="$from" -v to="$to" 'BEGIN { exit !(from + 0 <= at + 0 && at + 0 < to + 0) }'; then
        fault allowed_signers "khóa hết hạn khi niêm phong / the key was not good when it sealed: $from - $to, $sealed"
    fi
fi
is_clean && [ "$unchecked" -eq 0 ] && [ -n "$own" ] && can "$TAG" && can "$TAG.sig" && can "$TAG.sshsig" &&
    good "niêm phong: đúng khóa trên phiếu giấy / sealed by the key of the paper sheet, $(info Sealed-At)"

# ---- 4. Time-stamp ----------------------------------------------------------------------------------------------------
if [ "$stamped" = none ]; then
    echo "- dấu thời gian: không có / not stamped"
elif can "$TAG.tsr" && can "$TAG"; then
    begin
    openssl ts -reply -in "$TAG.tsr" -text >"$work/stamp" 2>/dev/null
    imprint=$(sed -n 's/^ *00[0-9a-f]0 - \(.\{47\}\).*/\1/p' "$work/stamp" | head -n 2 | tr -d ' \n-')
    at=$(sed -n 's/^Time stamp: //p' "$work/stamp")
    if ! grep -q '^Status: Granted\.$' "$work/stamp"; then
        fault "$TAG.tsr" "không phải dấu thời gian hợp lệ / not a granted time-stamp"
    elif ! grep -q '^Hash Algorithm: sha256$' "$work/stamp" || [ "$imprint" != "$(sha256sum <"$TAG" | cut -c 1-64)" ]; then
        fault "$TAG.tsr" "dấu thời gian của dữ liệu khác / the time-stamp of something else"
    elif ! openssl asn1parse -inform DER -in "$TAG.tsr" 2>/dev/null | awk -F : -v size="$(wc -c <"$TAG.tsr" | tr -d ' ')" '
        # What no signature covers, and openssl ts reads past: the versions, the names of the algorithms, what
        # stands behind the end. Depth 4 is the signed data: version, digests, content, certificates, signer.
        NR == 1 { split($2, part, /[= ]+/); whole = part[4] + part[6] == size }
        { match($2, /[0-9]+/); depth = substr($2, RSTART, RLENGTH) + 0; value = tolower($NF) }
        depth == 4 { place++; inside = 0; field = 0; if (place == 1) version = value }
        place == 2 && depth == 6 && $3 !~ /^ (OBJECT|NULL)/ { odd = 1 }
        depth == 6 { inside = $3 ~ /^ SEQUENCE/ ? ++field : 0 }
        depth == 6 && field == 0 { signer = value }
        depth == 7 && (inside == 2 || inside == 3) {
            if ($3 ~ /^ OBJECT/) name[inside] = value; else if ($3 !~ /^ NULL/ && name[3] != "rsassapss") odd = 1
        }
        END {
            named = name[3] ~ /^(ecdsa-with-sha(256|384|512)|sha(256|384|512)withrsaencryption)$/
            named = named && name[2] ~ /^sha(256|384|512)$/ && index(name[3], name[2])
            exit !(whole && !odd && version == "03" && signer == "01" && (named || name[3] ~ /^(rsaencryption|rsassapss)$/))
        }'; then
        fault "$TAG.tsr" "dấu thời gian sai / the time-stamp does not hold"
    elif [ -z "$ca" ]; then
        skip "$TAG.tsr" "chưa có chứng thư của tổ chức cấp dấu / its authority was not checked: --tsa-ca CA.PEM"
    else
        # The authority's certificates have to be good at the time that is stamped, not today.
        epoch=$(printf '%s\n' "$at" | awk '{
            month = (index("JanFebMarAprMayJunJulAugSepOctNovDec", $1) + 2) / 3
            split($3, clock, /[:.]/); year = $4; day = $2
            if (month <= 2) { year--; month += 12 }
            days = 365 * year + int(year / 4) - int(year / 100) + int(year / 400) + int((153 * (month - 3) + 2) / 5) + day
            printf "%.0f", (days - 719469) * 86400 + clock[1] * 3600 + clock[2] * 60 + clock[3] }')
        openssl ts -verify -data "$TAG" -in "$TAG.tsr" -CAfile "$ca" -attime "$epoch" >/dev/null 2>"$work/why" ||
            fault "$TAG.tsr" "dấu thời gian sai / the time-stamp does not hold: $(
                sed -n 's/.*Verify error: *//p' "$work/why" | head -n 1 | tr -c '\040-\176' ' '
            )"
    fi
    is_clean && good "dấu thời gian / time-stamp: $at"
fi

# ---- 5. The custody log, row by row -----------------------------------------------------------------------------------
begin
rows=0
if can "$LOG" && grep -q -x -F "$LOG" "$work/there"; then
    mkdir "$work/rows"
    # One file a row, without its line end, so that one sha256sum hashes them all.
    awk -v folder="$work/rows" '{ name = sprintf("%s/%09d", folder, NR); printf "%s", $0 > name; close(name) }' "$LOG"
    rows=$(wc -l <"$LOG" | tr -d ' ')
    [ -z "$(tail -c 1 "$LOG" | tr -d '\n')" ] || fault "$LOG" "dòng cuối bị cắt / the last row is cut off"
    (cd "$work/rows" && find . -type f | sort | xargs sha256sum) | cut -c 1-64 >"$work/hashes"
    # In canonical JSON the row's own n and prev stand behind facts and object; quotes inside a text are escaped.
    sed -e 's/.*,"n":\([0-9]*\),"object":.*,"prev":"\([0-9a-f]*\)","result":.*/\1 \2/' -e t -e 's/.*/-/' "$LOG" >"$work/links"
    sed -e 's/.*"act":"resume",.*/resume/' -e t -e 's/.*/-/' "$LOG" >"$work/acts"
    awk -v hashes="$work/hashes" -v acts="$work/acts" '
        BEGIN { while ((getline h < hashes) > 0) hash[++count] = h; while ((getline a < acts) > 0) act[++many] = a
                hash[0] = sprintf("%064d", 0) }
        $1 == "-" { if (act[NR + 1] != "resume") print NR; next }
        $1 != NR || $2 != hash[NR - 1] { print NR }' "$work/links" >"$work/broken" || skip "$LOG" "awk không chạy đúng / awk does not work here"
    while read -r line; do
        fault "$LOG:$line" "chuỗi nhật ký bị đứt ở dòng này / the chain of the log breaks at this row"
    done <"$work/broken"
    is_unread bag-info.txt || [ "$rows" = "$(info Custody-Entries)" ] ||
        fault "$LOG" "$rows dòng, khác số đã niêm phong / rows, not as many as were sealed: $(info Custody-Entries)"
    is_unread bag-info.txt || [ "$(tail -n 1 "$work/hashes")" = "$(info Custody-Head)" ] ||
        fault "$LOG" "mã số 3 khác lúc niêm phong / the head is not the one that was sealed"
    is_unread bag-info.txt || ! is_clean || good "nhật ký: $rows dòng, liền mạch / custody log: $rows rows, unbroken"
fi

# ---- What this script does not look at -------------------------------------------------------------------------------
echo "- không kiểm ở đây: hình bị ẩn trong đoạn trích, so với bản ghi gốc (camtool verify, ffmpeg: xem DOC_TRUOC.txt)"
echo "- not looked at here: pictures hidden in a clip, the original recordings (camtool verify, ffmpeg: DOC_TRUOC.txt)"
echo
echo "So với phiếu niêm phong giấy / compare with the paper seal sheet:"
# Two lines of eight groups, as the sheet has them.
fours() { printf '%s' "$1" | sed 's/..../& /g' | fold -w 40 | sed '2s/^/     /'; }
can "$TAG" && echo "  1. $(fours "$(sha256sum <"$TAG" | cut -c 1-64)")"
[ -n "$own" ] && echo "  2. $(fours "$own")"
[ -s "$work/hashes" ] && echo "  3. $(fours "$(tail -n 1 "$work/hashes")")"
[ "$faults" -eq 0 ] || finish 1
[ "$unchecked" -eq 0 ] || finish 2
finish 0
