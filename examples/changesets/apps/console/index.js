'use strict';

const { send } = require('@neuronx/sdk');
const { title } = require('@neuronx/ui-kit');

console.log(title(send([(value) => value + 1], 41).body));
