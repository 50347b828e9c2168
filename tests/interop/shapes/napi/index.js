// loads the binary of this platform
module.exports = require(`@lumen/parse-${process.platform}-${process.arch}`);
