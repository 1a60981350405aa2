"""The values that recall passes from room to room: frozen, standard library only, no clock and no I/O."""
