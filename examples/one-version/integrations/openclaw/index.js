'use strict';

const { run } = require('nemo-flow-node');

exports.plugin = { name: 'nemo-flow', run };
