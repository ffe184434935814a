// The part of Unreal that the example uses, as far as a compiler has to know it.
#pragma once
#include <cstdint>
#include <functional>
#include <string>

#define UCLASS(...)
#define UFUNCTION(...)
#define UPROPERTY(...)
#define GENERATED_BODY()
#define YOURGAME_API
#define TEXT(text) L##text

using int32 = std::int32_t;
using TCHAR = wchar_t;

struct FString : std::wstring {
    using std::wstring::wstring;
};

template <typename T> struct TObjectPtr {
    T* object = nullptr;
    TObjectPtr& operator=(T* other) {
        object = other;
        return *this;
    }
    T* operator->() const { return object; }
    explicit operator bool() const { return object != nullptr; }
};

namespace EEndPlayReason {
enum Type { Quit };
}

namespace FMath {
template <typename T> T Max(T a, T b) { return a < b ? b : a; }
}  // namespace FMath

class UObject {};
