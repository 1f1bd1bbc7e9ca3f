package access

// policyModel is the Casbin model: p lines say what a role may do and how far, g lines who has a role, and a
// wider scope covers a narrower one. The syntax: https://casbin.org/docs/syntax-for-models
const policyModel = `
[request_definition]
r = who, permission, scope

[policy_definition]
p = role, permission, scope

[role_definition]
g = _, _

[policy_effect]
e = some(where (p.eft == allow))

[matchers]
m = r.permission == p.permission && covers(p.scope, r.scope) && g(r.who, p.role)
`
