# sh upload.sh URL FILE: uploads a file by curl, and goes on until it is there or refused
set -e
upload=$1upload/$(curl -fsS -X PUT -H 'Upload-Complete: ?0' -o upload.log -w '%header{location}' "$1upload/$2")
while true; do
    status=$(curl -sSI -o upload.head -w '%{http_code}' "$upload") || continue
    test "$status" = 204
    grep -qi '^upload-complete: ?1' upload.head && exit
    offset=$(sed -n 's/^upload-offset: \([0-9]*\).*/\1/ip' upload.head)
    tail -c +$((offset + 1)) "$2" | curl -sS -T - -X PATCH -o upload.log -H 'Content-Type: application/partial-upload' \
        -H "Upload-Offset: $offset" -H 'Upload-Complete: ?1' "$upload" || sleep 0.1
done
