// A registry of npm packages, each with version 1.0.0, that answers after some milliseconds.
// usage: node registry.mjs KEY CERTIFICATE MILLISECONDS; prints its port, ends with its input.
import fs from "node:fs";
import http2 from "node:http2";

const [key, cert, wait] = process.argv.slice(2);
const identity = {key: fs.readFileSync(key), cert: fs.readFileSync(cert), allowHTTP1: true,
                  settings: {maxConcurrentStreams: 1000}};
const server = http2.createSecureServer(identity, (request, response) => {
    const name = request.url.slice(1).split("?")[0];
    const tarball = `https://registry.example/${name}/-/${name}-1.0.0.tgz`;
    const body = JSON.stringify({
        name, "dist-tags": {latest: "1.0.0"},
        versions: {"1.0.0": {name, version: "1.0.0", dist: {tarball, integrity: "sha512-AA=="}}},
    });
    setTimeout(() => response.writeHead(200, {"content-type": "application/json"}).end(body), wait);
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.on("end", () => process.exit()).resume();
