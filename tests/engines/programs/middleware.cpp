// A game with FMOD and Wwise, `middleware PORT`: both hear oscbridge, until standard input ends.
#include <poll.h>

#include <cstdio>
#include <cstdlib>

#include "../../../examples/fmod/oscbridge_fmod.hpp"
#include "../../../examples/wwise/oscbridge_wwise.hpp"

int main(int, char** arguments) {
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    const auto port = static_cast<std::uint16_t>(std::atoi(arguments[1]));
    FMOD::Studio::System system;
    OscbridgeFmod fmod(system, true, "127.0.0.1", port);
    OscbridgeWwise wwise(7, false, "127.0.0.1", port);
    bool was_connected = false;
    pollfd input{0, POLLIN, 0};
    while (::poll(&input, 1, 5) == 0) {
        fmod.update();
        wwise.update();
        if (fmod.client.connected() != was_connected) {
            was_connected = !was_connected;
            std::puts(was_connected ? "connected" : "lost");
            if (was_connected) fmod.client.feel(-0.5f, 0.25f, 0.75f, "c++");
        }
    }
    return 0;
}
