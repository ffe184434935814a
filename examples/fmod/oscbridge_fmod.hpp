// What oscbridge says, as global parameters of FMOD Studio: Intensity (0..1), Valence (-1..1) and
// Mood (labelled, with your words for the quadrants). Requests set Mood and are answered; FMOD begins
// at its own transition regions. Call update() every frame, beside FMOD's.
#pragma once

#include "../cpp/oscbridge.hpp"
#include "fmod_studio.hpp"

class OscbridgeFmod {
public:
    // Without `on_request`, Mood follows the music that is heard; with it, what is asked for.
    explicit OscbridgeFmod(FMOD::Studio::System& system, bool on_request = true,
                           const char* host = "127.0.0.1", std::uint16_t port = 7770)
        : client(host, port), system_(system), on_request_(on_request) {
        client.hear = [this](const oscbridge::Message& message) { hear(message); };
    }

    void update() { client.update(); }

    oscbridge::Client client;

private:
    void hear(const oscbridge::Message& message) {
        if (message.name == "intensity") {
            system_.setParameterByName("Intensity", message.get<float>(0));
        } else if (message.name == "valence") {
            system_.setParameterByName("Valence", message.get<float>(0));
        } else if (message.name == "quadrant/enter" && !on_request_) {
            system_.setParameterByNameWithLabel("Mood", message.get<std::string>(1).c_str());
        } else if (message.name == "request/go" && on_request_) {
            const auto id = message.get<std::int32_t>(0);
            const auto label = message.get<std::string>(1);
            if (system_.setParameterByNameWithLabel("Mood", label.c_str()) != FMOD_OK) {
                client.acknowledge(id, "rejected");  // there is no such label
                return;
            }
            client.acknowledge(id, "started");
            client.acknowledge(id, "done");
        }
    }

    FMOD::Studio::System& system_;
    bool on_request_;
};
