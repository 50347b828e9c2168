'use strict';

const client = require('llama-stack-client');

exports.ask = (prompt) => client.complete(prompt);
