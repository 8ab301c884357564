# sh upload.sh URL FILE: uploads a file by curl and goes on until it is there
set -e
upload=$1upload/$(curl -sS -X PUT -d '' -H 'Upload-Complete: ?0' -o upload.log -w '%header{location}' "$1upload/$2")
until curl -sSI -o upload.head "$upload" && grep -qi '^upload-complete: ?1' upload.head; do
    offset=$(sed -n 's/^upload-offset: \([0-9]*\).*/\1/ip' upload.head)
    tail -c +$((offset + 1)) "$2" | curl -sS -X PATCH -T - -o upload.log -H 'Content-Type: application/partial-upload' \
        -H 'Upload-Complete: ?1' -H "Upload-Offset: $offset" "$upload" || sleep 0.1
done
