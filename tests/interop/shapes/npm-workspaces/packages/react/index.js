module.exports = require("@harbor/core");
