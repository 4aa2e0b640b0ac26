//! Contact events from EventBridge clear the routing of abandoned calls and reroute expired ones.
