// One policy in both languages: so many rules, each for one team and up to an amount.

/** As agentc has it. */
export function agentpolicy(rules) {
  const allow = (i) => `  allow team_${i} on write desk.act when team == "team-${i}" and amount <= ${1000 + i}`;
  return `policy bench.teams { version "1"; owner "ops@example.com" }
tool desk on mcp "desk" {
  write act(team: Text, amount: Int) { undo unact(team: team); changes nothing }
  write unact(team: Text) { compensates act; changes nothing }
}
job work {
  purpose "Act for teams, each up to its amount."
  input { ticket: Text }
  done when happened(desk.act)
${Array.from({ length: rules }, (_, i) => allow(i)).join("\n")}
  handoff to "ops" { show trace }
  pause by role ops
}
role ops
`;
}

/** As Cedar has it. */
export function cedar(rules) {
  const permit = (i) => `permit(principal, action == Action::"act", resource)
when { context.team == "team-${i}" && context.amount <= ${1000 + i} };`;
  return Array.from({ length: rules }, (_, i) => permit(i)).join("\n");
}
