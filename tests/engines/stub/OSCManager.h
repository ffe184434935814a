#pragma once
#include "OSCMessage.h"

class UOSCClient;
class UOSCServer;

class UOSCManager : public UObject {
public:
    static UOSCServer* CreateOSCServer(FString address, int32 port, bool loopback, bool listen, FString name, UObject* outer = nullptr);
    static UOSCClient* CreateOSCClient(FString address, int32 port, FString name, UObject* outer = nullptr);
    static FOSCMessage& AddInt32(FOSCMessage& message, int32 value);
    static FOSCMessage& AddFloat(FOSCMessage& message, float value);
    static FOSCMessage& AddString(FOSCMessage& message, FString value);
    static bool GetInt32(const FOSCMessage& message, const int32 index, int32& value);
    static bool GetFloat(const FOSCMessage& message, const int32 index, float& value);
    static bool GetString(const FOSCMessage& message, const int32 index, FString& value);
    static FOSCAddress ConvertStringToOSCAddress(const FString& text);
};
