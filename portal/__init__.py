"""The ground. Imports nothing: the set-up (portal.embedded.bootstrap) runs before anything is installed."""
