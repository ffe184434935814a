// oscbridge for C++ games: one header, no library, C++17; Windows, macOS, Linux, consoles with BSD
// sockets. Subscribes, renews, reads what comes, answers. Nothing waits: call update() every frame.
#pragma once

#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <functional>
#include <string>
#include <variant>
#include <vector>

#ifdef _WIN32
#include <winsock2.h>
#include <ws2tcpip.h>
#pragma comment(lib, "ws2_32")
#else
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>
#endif

namespace oscbridge {

using Argument = std::variant<std::int32_t, float, std::string>;

// A message without the prefix: "valence", "quadrant/enter", "request/go".
struct Message {
    std::string name;
    std::vector<Argument> args;

    // Argument number `place`; 0 or an empty text where it is none of that type.
    template <typename T> T get(std::size_t place) const {
        const T* value = place < args.size() ? std::get_if<T>(&args[place]) : nullptr;
        return value ? *value : T{};
    }
};

class Client {
public:
    // Called by update() for each message.
    std::function<void(const Message&)> hear;

    explicit Client(const char* host = "127.0.0.1", std::uint16_t port = 7770) : port_(port) {
#ifdef _WIN32
        WSADATA data;
        WSAStartup(MAKEWORD(2, 2), &data);
#endif
        to_.sin_family = AF_INET;
        to_.sin_port = htons(port);
        inet_pton(AF_INET, host, &to_.sin_addr);
        socket_ = ::socket(AF_INET, SOCK_DGRAM, 0);
#ifdef _WIN32
        u_long on = 1;
        ioctlsocket(socket_, FIONBIO, &on);
#else
        fcntl(socket_, F_SETFL, O_NONBLOCK);
#endif
    }

    ~Client() {
        say("unsubscribe", {});
#ifdef _WIN32
        closesocket(socket_);
        WSACleanup();
#else
        ::close(socket_);
#endif
    }

    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    bool connected() const { return connected_; }

    // Once a frame.
    void update() {
        char packet[2048];
        long size;
        while ((size = static_cast<long>(::recv(socket_, packet, sizeof packet, 0))) != -1) {
            Message message;
            if (read(packet, static_cast<std::size_t>(size), message)) {
                connected_ = true;
                heard_ = Clock::now();
                if (hear) hear(message);
            }
        }
        keep_alive();
    }

    // Say anything of the protocol: say("in/affect/hr", {72.0f}).
    void say(const std::string& name, const std::vector<Argument>& args) {
        std::string packet, types = ",";
        for (const Argument& arg : args) types += "ifs"[arg.index()];
        put_text(packet, "/oscbridge/" + name);
        put_text(packet, types);
        for (const Argument& arg : args) {
            if (const auto* text = std::get_if<std::string>(&arg)) {
                put_text(packet, *text);
                continue;
            }
            std::uint32_t bits;
            std::visit([&bits](const auto& value) { std::memcpy(&bits, &value, 4); }, arg);
            bits = htonl(bits);
            packet.append(reinterpret_cast<const char*>(&bits), 4);
        }
        ::sendto(socket_, packet.data(), static_cast<int>(packet.size()), 0,
                 reinterpret_cast<const sockaddr*>(&to_), sizeof to_);
    }

    // What the player feels, -1..1 each, how surely (0..1), and which part of the game says so.
    void feel(float valence, float arousal, float confidence = 1.0f, const char* source = "game") {
        say("in/affect/va", {valence, arousal, confidence, std::string(source)});
    }

    // What becomes of a request: queued, started, done, rejected, expired.
    void acknowledge(std::int32_t id, const char* state) {
        say("in/request/ack", {id, std::string(state)});
    }

private:
    using Clock = std::chrono::steady_clock;

    void keep_alive() {
        const auto now = Clock::now();
        if (connected_ && now - heard_ > std::chrono::seconds(3)) {
            connected_ = false;
            tries_ = 0;
            next_ = now;
        }
        if (now < next_) return;
        if (connected_) {
            say("ping", {++nonce_});
            next_ = now + std::chrono::seconds(10);
        } else {
            // oscbridge moves 10 or 20 further where its port is taken: those are tried in turn.
            to_.sin_port = htons(static_cast<std::uint16_t>(port_ + 10 * (tries_++ / 2 % 3)));
            say("subscribe", {});
            next_ = now + std::chrono::seconds(1);
        }
    }

    // False where it is no message of ours, cut short, of other types, or holds no number.
    static bool read(const char* packet, std::size_t size, Message& message) {
        std::size_t place = 0;
        std::string address, types;
        if (!take_text(packet, size, place, address) || address.rfind("/oscbridge/", 0) != 0) return false;
        if (!take_text(packet, size, place, types) || types.empty() || types[0] != ',') return false;
        message.name = address.substr(sizeof "/oscbridge/" - 1);
        for (const char type : types.substr(1)) {
            if (type == 's') {
                std::string text;
                if (!take_text(packet, size, place, text)) return false;
                message.args.emplace_back(text);
                continue;
            }
            if ((type != 'i' && type != 'f') || size - place < 4) return false;
            std::uint32_t bits;
            std::memcpy(&bits, packet + place, 4);
            bits = ntohl(bits);
            place += 4;
            if (type == 'i') {
                message.args.emplace_back(static_cast<std::int32_t>(bits));
                continue;
            }
            float number;
            std::memcpy(&number, &bits, 4);
            if (!std::isfinite(number)) return false;
            message.args.emplace_back(number);
        }
        return place == size;
    }

    static bool take_text(const char* packet, std::size_t size, std::size_t& place, std::string& text) {
        const char* end = static_cast<const char*>(std::memchr(packet + place, 0, size - place));
        if (end == nullptr) return false;
        text.assign(packet + place, end);
        place += (text.size() / 4 + 1) * 4;
        return place <= size;
    }

    static void put_text(std::string& packet, const std::string& text) {
        packet += text;
        packet.append(4 - text.size() % 4, '\0');
    }

#ifdef _WIN32
    SOCKET socket_;
#else
    int socket_;
#endif
    sockaddr_in to_{};
    std::uint16_t port_;
    bool connected_ = false;
    int tries_ = 0;
    std::int32_t nonce_ = 0;
    Clock::time_point heard_{}, next_{};
};

}  // namespace oscbridge
