"""play - what `./run demo` is made of: the command, the world, a calm wave, a rough one, and what they came to."""
