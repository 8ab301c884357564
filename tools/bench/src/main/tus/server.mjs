// @tus/server on a port that the system chooses: node server.mjs DIRECTORY
import { createServer } from 'node:http';
import { FileStore } from '@tus/file-store';
import { Server } from '@tus/server';

const tus = new Server({ path: '/files', datastore: new FileStore({ directory: process.argv[2] }) });
const http = createServer(tus.handle.bind(tus));
http.listen(0, '127.0.0.1', () => console.log(http.address().port));
