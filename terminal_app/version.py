"""What this release is called, in the journal, in heartbeats and on the service screen."""

SOFTWARE_VERSION = "0.1.0"
