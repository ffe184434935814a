#include "OscbridgeMusic.h"

#include "OSCClient.h"
#include "OSCManager.h"
#include "OSCServer.h"
#include "TimerManager.h"

void AOscbridgeMusic::BeginPlay()
{
	Super::BeginPlay();
	// 127.0.0.1 hears this computer alone, 0.0.0.0 every one.
	Server = UOSCManager::CreateOSCServer(TEXT("127.0.0.1"), 7771, false, true, TEXT("oscbridge"), this);
	Client = UOSCManager::CreateOSCClient(TEXT("127.0.0.1"), 7770, TEXT("to oscbridge"), this);
	if (Server)
	{
		Server->OnOscMessageReceived.AddDynamic(this, &AOscbridgeMusic::Hear);
	}
}

void AOscbridgeMusic::EndPlay(const EEndPlayReason::Type Reason)
{
	if (Server)
	{
		Server->Stop();
	}
	Super::EndPlay(Reason);
}

void AOscbridgeMusic::Hear(const FOSCMessage& Message, const FString& IPAddress, int32 Port)
{
	const FString Address = Message.GetAddress().GetFullPath();
	if (Address == TEXT("/oscbridge/valence"))
	{
		UOSCManager::GetFloat(Message, 0, Valence);
	}
	else if (Address == TEXT("/oscbridge/arousal"))
	{
		UOSCManager::GetFloat(Message, 0, Arousal);
	}
	else if (Address == TEXT("/oscbridge/intensity"))
	{
		UOSCManager::GetFloat(Message, 0, Intensity);
	}
	else if (Address == TEXT("/oscbridge/request/go"))
	{
		int32 Id = 0;
		FString Label, Quantise;
		float Urgency = 0.f;
		UOSCManager::GetInt32(Message, 0, Id);
		UOSCManager::GetString(Message, 1, Label);
		UOSCManager::GetString(Message, 2, Quantise);
		UOSCManager::GetFloat(Message, 3, Urgency);
		Acknowledge(Id, TEXT("queued"));
		MusicRequested(Id, Label, Quantise, Urgency);
	}
}

void AOscbridgeMusic::Started(int32 Id, float FadeSeconds)
{
	Acknowledge(Id, TEXT("started"));
	FTimerHandle Unused;
	const auto Done = FTimerDelegate::CreateWeakLambda(this, [this, Id]() { Acknowledge(Id, TEXT("done")); });
	GetWorldTimerManager().SetTimer(Unused, Done, FMath::Max(FadeSeconds, 0.01f), false);
}

void AOscbridgeMusic::Feel(float PlayerValence, float PlayerArousal, float Confidence)
{
	FOSCMessage Message;
	Message.SetAddress(UOSCManager::ConvertStringToOSCAddress(TEXT("/oscbridge/in/affect/va")));
	UOSCManager::AddFloat(Message, PlayerValence);
	UOSCManager::AddFloat(Message, PlayerArousal);
	UOSCManager::AddFloat(Message, Confidence);
	UOSCManager::AddString(Message, TEXT("unreal"));
	Client->SendOSCMessage(Message);
}

void AOscbridgeMusic::Acknowledge(int32 Id, const TCHAR* State)
{
	FOSCMessage Message;
	Message.SetAddress(UOSCManager::ConvertStringToOSCAddress(TEXT("/oscbridge/in/request/ack")));
	UOSCManager::AddInt32(Message, Id);
	UOSCManager::AddString(Message, State);
	Client->SendOSCMessage(Message);
}
