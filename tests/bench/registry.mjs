// A registry of npm packages, each with version 1.0.0, that answers after some milliseconds; with a
// key and a certificate over TLS. usage: node registry.mjs MILLISECONDS [KEY CERTIFICATE]; prints its
// port, ends with its input.
import fs from "node:fs";
import http from "node:http";
import http2 from "node:http2";

const [wait, key, cert] = process.argv.slice(2);
const listener = (request, response) => {
    const name = request.url.slice(1).split("?")[0];
    const tarball = `https://registry.example/${name}/-/${name}-1.0.0.tgz`;
    const body = JSON.stringify({
        name, "dist-tags": {latest: "1.0.0"},
        versions: {"1.0.0": {name, version: "1.0.0", dist: {tarball, integrity: "sha512-AA=="}}},
    });
    setTimeout(() => response.writeHead(200, {"content-type": "application/json"}).end(body), wait);
};
const server = key === undefined ? http.createServer(listener) : http2.createSecureServer({
    key: fs.readFileSync(key), cert: fs.readFileSync(cert), settings: {maxConcurrentStreams: 1000},
}, listener);
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.on("end", () => process.exit()).resume();
