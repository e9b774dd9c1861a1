"""PayFiP: how public bodies in France are paid online."""
