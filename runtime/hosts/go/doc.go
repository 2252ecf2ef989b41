// Package agentc decides every tool call of an agent by its compiled policy, in this process, and guards the tools.
//
// [Load] a policy, [Policy.Open] a run, and wrap each tool with [Guard]: it is executed when the policy allows the call, and with the
// arguments that it allowed. [Run.Decide] is the loop for frameworks that call the tools themselves.
package agentc
