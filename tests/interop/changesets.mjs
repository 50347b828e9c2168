// Generated workspaces, released by the packages of changesets 2 and 3 in this process (the first
// THROUGH by their command line) and by relver: versions, requirements, changelogs and what is left
// in .changeset must be the same. usage: node changesets.mjs MODULES2 MODULES3 NODE; in an empty
// directory. SEED=N, CASES=N, THROUGH=N.
import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [two, three, node3] = process.argv.slice(2);
const env = process.env, cases = Number(env.CASES || 1000), through = Number(env.THROUGH || 30);
let seed = env.SEED === 'random' ? Date.now() % 1e9 : Number(env.SEED || 20261121);
console.log(`changesets: seed ${seed}, ${cases} workspaces`);
const rnd = (n) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 4294967296) * n);
};
const pick = (a) => a[rnd(a.length)];
const kinds = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];

/*-- workspaces ----------------------------------------------------------------------------------*/

const versions = ['1.0.0', '0.0.3', '2.3.4', '0.1.0', '0.9.10', '3.0.0'];
const labelled = ['1.0.0-beta.1', '1.1.0-next.2', '1.2.3-rc.0', '2.0.0-next.11'];
const range = (v) => pick([`^${v}`, `~${v}`, `^${v}`, v, `>=${v}`, '*', 'workspace:*', 'workspace:^',
    'workspace:~', `workspace:^${v}`, `workspace:${v}`, `workspace:~${v}`, '^9.0.0', 'latest',
    'npm:other@' + v, `workspace:packages/p1`, 'file:../p1', 'link:../p0', `=${v}`]);
const words = ['Add a thing', 'Mend `x` (#12)', 'Say more\n\nThan one line', 'Two\nlines', '',
    'Break **it**\n\n```js\nx();\n```', '*Very* much, and __so__ a * b', 'Steps\n\n\n\n1. one\n2. two\n\nEnd',
    'Glued\n+ one\n+ `two`\n    + three\n\nEnd'];

function make() {
    const names = [...Array(2 + rnd(6)).keys()].map((n) => (n === 4 ? '@s/p4' : `p${n}`));
    const pre = rnd(4) === 0 && { mode: pick(['pre', 'pre', 'exit']), tag: pick(['next', 'beta']) };
    const packages = names.map((name) => {
        const p = { name, version: pick(pre || rnd(5) === 0 ? [...versions, ...labelled] : versions) };
        return rnd(9) === 0 ? { ...p, private: true } : p;
    });
    for (const p of packages)
        for (const kind of kinds)
            for (const o of packages)
                if (o !== p && rnd(6) === 0) (p[kind] ??= {})[o.name] = range(o.version);
    const config = { changelog: '@changesets/cli/changelog', baseBranch: 'main',
        prettier: rnd(2) === 0, format: false,
        updateInternalDependencies: pick(['patch', 'patch', 'minor']),
        ___experimentalUnsafeOptions_WILL_CHANGE_IN_PATCH: {
            onlyUpdatePeerDependentsWhenOutOfRange: rnd(2) === 0,
            updateInternalDependents: pick(['out-of-range', 'out-of-range', 'always']) } };
    const pool = [...names].sort(() => rnd(2) - 0.5);
    if (rnd(4) === 0) config.fixed = [pool.splice(0, 2)];
    if (rnd(4) === 0 && pool.length > 1) config.linked = [pool.splice(0, 2)];
    if (rnd(6) === 0) config.privatePackages = { version: rnd(2) === 0, tag: false };
    if (rnd(10) === 0) config.ignore = [pick(names)];
    const sets = [...Array(1 + rnd(4)).keys()].map((n) => ({ id: `${pick(['calm', 'new'])}-${n}`,
        named: names.filter(() => rnd(3) === 0), summary: pick(words) }));
    if (!config.prettier && rnd(3) === 0)
        sets[0].summary = 'A list\n\n- one\n- two'; // prettier moves what follows a list in it
    for (const s of sets)
        s.levels = s.named.map(() => pick(['major', 'minor', 'patch', 'patch', 'none']));
    return { packages, config, sets, pre, logs: names.map(() => rnd(3)), used: sets.map(() => rnd(2)) };
}

const logs = [undefined, (p) => `# ${p.name}\n\n## ${p.version}\n\n### Patch Changes\n\n- Begin\n`,
    (p) => `# ${p.name}\n`];

function write(w, dir, rules) {
    const put = (name, text) => {
        fs.mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
        fs.writeFileSync(path.join(dir, name), text);
    };
    const json = (name, value) => put(name, JSON.stringify(value, null, 2) + '\n');
    json('package.json', { name: 'root', private: true, workspaces: ['packages/*'],
        devDependencies: { '@changesets/cli': rules === 2 ? '^2.31.1' : '^3.0.3' } });
    put('package-lock.json', '{}\n'); // which tool it is
    const { prettier, format, ...config } = w.config;
    json('.changeset/config.json', { ...config, ...(rules === 2 ? { prettier } : { format }) });
    w.packages.forEach((p, i) => {
        const at = `packages/${p.name.replace('@s/', '')}`;
        json(`${at}/package.json`, p);
        if (w.logs[i]) put(`${at}/CHANGELOG.md`, logs[w.logs[i]](p));
    });
    const used = (i) => w.pre && w.used[i];
    w.sets.forEach((s, i) => put(`.changeset/${rules === 3 && used(i) ? 'pre/' : ''}${s.id}.md`,
        `---\n${s.named.map((n, k) => `"${n}": ${s.levels[k]}\n`).join('')}---\n\n${s.summary}\n`));
    if (w.pre)
        json('.changeset/pre.json', rules === 3 ? w.pre : { ...w.pre,
            initialVersions: Object.fromEntries(w.packages.map((p) => [p.name, p.version])),
            changesets: w.sets.filter((s, i) => used(i)).map((s) => s.id) });
}

/*-- who releases them ---------------------------------------------------------------------------*/

const load = (root) => {
    const at = createRequire(path.join(root, 'x.js'));
    return (name) => import(pathToFileURL(at.resolve(name)));
};
async function packages2() {
    const from = load(two), of = async (name) => {
        const m = await from(name);
        return { ...m, default: m.default?.default ?? m.default };
    };
    const { getPackages } = await of('@manypkg/get-packages'), config = await of('@changesets/config');
    const plan = (await of('@changesets/assemble-release-plan')).default;
    const apply = (await of('@changesets/apply-release-plan')).default;
    const sets = (await of('@changesets/read')).default, pre = await of('@changesets/pre');
    return async (dir) => {
        const packages = await getPackages(dir), c = await config.read(dir, packages);
        const [found, state] = [await sets(dir), await pre.readPreState(dir)];
        if (found.length > 0 || state?.mode === 'exit')
            await apply(plan(found, packages, c, state), packages, c, undefined, `${two}/@changesets/cli`);
    };
}
async function packages3() {
    const at = `${three}/@changesets`, of = (name) => import(pathToFileURL(`${at}/${name}/dist/index.mjs`));
    const { version } = await import(pathToFileURL(`${at}/cli/dist/version.mjs`));
    const { readChangesets } = await of('read'), { readPreState } = await of('pre');
    return async (dir) => { // the command says exit code 1 where there is nothing to do
        if ((await readChangesets(dir)).length > 0 || (await readPreState(dir))?.mode === 'exit')
            await version({ cwd: dir });
    };
}
const command = { 2: [process.execPath, `${two}/@changesets/cli/bin.js`, 'version'],
    3: [node3, `${three}/@changesets/cli/bin.js`, 'version'] };
const spawn = (argv, cwd) => spawnSync(argv[0], argv.slice(1), { cwd, encoding: 'utf8' });

/*-- what became of them -------------------------------------------------------------------------*/

function read(dir) {
    const out = {};
    for (const f of fs.readdirSync(dir, { recursive: true }).sort()) {
        const name = path.join(dir, f);
        if (!fs.statSync(name).isFile()) continue;
        const text = fs.readFileSync(name, 'utf8');
        out[f] = f.endsWith('.json') ? JSON.parse(text) : text;
    }
    return out;
}

const semver = createRequire(path.join(two, 'x.js'))('semver');
const count = { passed: 0, failed: 0 };
let kept = 0, refused = 0;

/* A requirement that takes the new version, too, may be written in another way (tests/unit has the
   rows), and `*` stays what it is. The rest is the same, byte for byte. */
function same(want, got) {
    for (const [file, text] of Object.entries(want)) {
        if (!file.endsWith('/package.json') || got[file] === undefined) continue;
        for (const kind of kinds)
            for (const [name, theirs] of Object.entries(text[kind] ?? {})) {
                const ours = got[file][kind]?.[name] ?? '';
                const to = Object.values(want).find((p) => p.name === name && p.version)?.version;
                if (ours === theirs ||
                    (ours !== '*' && !semver.satisfies(to, ours.replace('workspace:', ''))))
                    continue;
                kept++;
                got[file][kind][name] = theirs;
            }
    }
    const files = [...new Set([...Object.keys(want), ...Object.keys(got)])];
    return files.find((f) => JSON.stringify(want[f]) !== JSON.stringify(got[f]));
}

const git = (...words) => execFileSync('git', words, { stdio: 'ignore' });
const made = [...Array(cases)].map(make);
const silent = { ...console };
for (const rules of [2, 3]) {
    const base = path.resolve(`v${rules}`), ours = path.resolve(`relver${rules}`);
    made.forEach((w, i) => write(w, `${base}/w${i}`, rules));
    git('init', '-q', '-b', 'main', base);
    git('-C', base, 'add', '-A');
    git('-C', base, 'commit', '-q', '-m', 'start');
    git('clone', '-q', base, ours);
    const release = await (rules === 2 ? packages2 : packages3)();
    for (let i = 0; i < cases; i++) {
        const at = `${base}/w${i}`, own = `${ours}/w${i}`;
        let error;
        if (i < through) {
            const ran = spawn(command[rules], at);
            const said = ran.stdout + ran.stderr;
            error = ran.status && !/No unreleased changesets/.test(said) && said;
        } else {
            const write = process.stdout.write;
            for (const f of ['log', 'warn', 'error', 'info']) console[f] = () => {};
            process.stdout.write = () => true;
            await release(at).catch((e) => { error = e.cause?.message ?? e.message; });
            process.stdout.write = write;
            Object.assign(console, silent);
        }
        const ran = spawn(['relver', 'bump', 'auto', '-q'], own);
        let why;
        if (ran.status === 2 && /cannot follow/.test(ran.stderr)) refused++;
        else if (Boolean(error) !== (ran.status !== 0)) why = `${error || 'done'} | ${ran.stderr}`;
        else if (!error) {
            const want = read(at), got = read(own), file = same(want, got);
            if (file)
                why = `${file}\n${JSON.stringify(want[file])}\n${JSON.stringify(got[file])}`;
        }
        if (why) console.log(`FAIL: changesets ${rules}: workspace ${i} (${own}): ${why}`);
        count[why ? 'failed' : 'passed']++;
    }
}
console.log(`${kept} requirements in another form, ${refused} workspaces refused for one`);
if (refused > cases / 20) count.failed++;
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exit(count.failed ? 1 : 0);
