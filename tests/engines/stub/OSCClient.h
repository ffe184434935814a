#pragma once
#include "OSCMessage.h"

class UOSCClient : public UObject {
public:
    void SendOSCMessage(FOSCMessage&) {}
};
