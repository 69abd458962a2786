#!/bin/sh
# Index and hash what is new. Keeps one JSON answer a night in the site's folder nightly/, the last 60 of them.
set -u
: "${CAMTOOL_SITE:?set CAMTOOL_SITE to the folder that holds site.toml}"
camtool=${CAMTOOL:-camtool}
export CAMTOOL_SITE

log=$CAMTOOL_SITE/nightly
mkdir -p "$log" || exit 50
night=$(date +%Y-%m-%d_%H%M%S)

"$camtool" --json index --hash new >"$log/$night.json" 2>"$log/$night.log"
code=$?
case $code in
0) ;;
3) echo "camtool: done, with problems listed in $log/$night.json" >&2; code=0 ;;
30) echo "camtool: another run is at work on $CAMTOOL_SITE, or the catalog cannot be read:" >&2; cat "$log/$night.log" >&2 ;;
*) echo "camtool: the nightly run failed with code $code:" >&2; cat "$log/$night.log" >&2 ;;
esac

# Keep the last 60 nights: their names sort by time. Nothing else in the folder is touched.
set -- "$log"/[0-9]*-[0-9]*-[0-9]*_[0-9]*.json
while [ $# -gt 60 ]; do
    rm -f "$1" "${1%.json}.log"
    shift
done
exit $code
