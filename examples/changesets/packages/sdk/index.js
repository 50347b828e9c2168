'use strict';

const { event } = require('@neuronx/contracts');
const { run } = require('@neuronx/core');

/** Sends what the tasks make of a value. */
exports.send = (tasks, value) => event('task.done', run(tasks, value));
