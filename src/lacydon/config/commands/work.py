"""The process of background jobs that `lacydon serve` starts beside its workers.

It is started afresh, so nothing here may need Django before `main` has set it up.
"""

import multiprocessing
import os
import signal
import threading


def work_beside() -> None:
    """Do the background jobs; stops by itself when the server is gone, however it went."""
    from ..command_line import main

    server = multiprocessing.parent_process()

    def until_the_server_goes() -> None:
        if server is not None:
            server.join()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=until_the_server_goes, daemon=True).start()
    main(["work"])
