# stack.awk - the deepest chain of calls, from gcc's -fcallgraph-info=su (VCG: node and edge lines).
# -v frames=BYTES -v chain=BYTES: what one frame and one chain must stay under. Prints the deepest
# chain with the bytes needed from each call on; complains about recursion, calls through pointers
# and alloca, too.
/^node:/ {
    split($0, part, "\"")
    name = part[2]
    if (match($0, /[0-9]+ bytes \([a-z,]+\)/)) {
        split(substr($0, RSTART, RLENGTH), word, " ")
        frame[name] = word[1] + 0
        if (frame[name] >= frames) print "FAIL: " name ": its frame is " frame[name] " bytes"
        if (word[3] == "(dynamic)") print "FAIL: " name ": its frame is " word[3]
    }
}
/^edge:/ {
    split($0, part, "\"")
    calls[part[2]] = calls[part[2]] part[4] "\n"
    if (part[4] == "__indirect_call") print "FAIL: " part[2] ": calls through a pointer"
}
function deepest(name,    list, n, i, depth, most) {
    if (name in known) return known[name]
    if (name in active) { print "FAIL: " name ": recursion"; return 0 }
    active[name] = 1
    n = split(calls[name], list, "\n")
    for (i = 1; i < n; i++) {
        depth = deepest(list[i])
        if (depth > most) { most = depth; next_[name] = list[i] }
    }
    delete active[name]
    return known[name] = most + (name in frame ? frame[name] : 0)
}
END {
    for (name in frame)
        if (worst == "" || deepest(name) > deepest(worst)) worst = name
    for (name = worst; name != ""; name = next_[name]) {
        shown = name
        sub(/.*:/, "", shown)
        path = path " " shown "(" known[name] ")"
    }
    print "deepest chain: " deepest(worst) + 0 " bytes:" path
    if (deepest(worst) >= chain) print "FAIL: " deepest(worst) " bytes, of " chain ":" path
}
