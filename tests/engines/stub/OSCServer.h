#pragma once
#include "OSCMessage.h"

struct FOSCReceivedMessageEvent {
    template <typename T> void AddDynamic(T*, void (T::*)(const FOSCMessage&, const FString&, int32)) {}
};

class UOSCServer : public UObject {
public:
    FOSCReceivedMessageEvent OnOscMessageReceived;
    void Stop() {}
};
