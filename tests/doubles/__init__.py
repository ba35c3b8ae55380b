"""Stand-ins for services of the outside world, on real sockets."""
