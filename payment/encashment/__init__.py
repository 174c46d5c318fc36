"""Collections of cash: sign-in, steps, slips, recount."""
