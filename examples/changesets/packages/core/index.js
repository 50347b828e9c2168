'use strict';

/** Runs the tasks in their order; each gets what the one before it returned. */
exports.run = (tasks, value) => tasks.reduce((result, task) => task(result), value);
