// node upload.mjs URL FILE CHUNK [HEADERS]: uploads a file by tus, in requests of so many bytes (0: in one), with headers
// in JSON, and goes on after whatever can be gone on after. Prints the upload's address.
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { Upload } from 'tus-js-client';

const [url, file, chunk, headers = '{}'] = process.argv.slice(2);
const upload = new Upload(createReadStream(file), {
    endpoint: url,
    headers: JSON.parse(headers),
    metadata: { filename: basename(file) },
    chunkSize: Number(chunk) || Infinity,
    // Begins anew whenever something came; longer in all than a server takes to start
    retryDelays: [0, ...Array(60).fill(500)],
    onError: (error) => {
        console.error(error.message);
        process.exitCode = 1;
    },
    onSuccess: () => console.log(upload.url),
});
upload.start();
