"""Following goods: hops, traces, units with a serial number, and what rules say of them."""
