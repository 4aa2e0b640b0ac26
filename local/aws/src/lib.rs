//! Stand-ins for the AWS operations that the functions call.
