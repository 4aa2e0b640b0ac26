//! The call centers of a deployment: from credentials to a ready Salesforce client.
