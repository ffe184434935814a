using System;
using System.Collections.Generic;
using UnityEngine;

/// <summary>What was told to a sound engine, one line a call.</summary>
public static class Told
{
    public static readonly List<string> Lines = new List<string>();
}

namespace FMOD
{
    public enum RESULT
    {
        OK,
    }
}

namespace FMODUnity
{
    public struct StudioSystem
    {
        public FMOD.RESULT setParameterByName(string name, float value, bool ignoreseekspeed = false)
        {
            Told.Lines.Add("fmod " + name + " " + value);
            return FMOD.RESULT.OK;
        }

        public FMOD.RESULT setParameterByNameWithLabel(string name, string label, bool ignoreseekspeed = false)
        {
            Told.Lines.Add("fmod " + name + " " + label);
            return FMOD.RESULT.OK;
        }
    }

    public static class RuntimeManager
    {
        public static StudioSystem StudioSystem { get { return new StudioSystem(); } }
    }
}

public enum AKRESULT
{
    AK_Success = 1,
}

public static class AkUnitySoundEngine
{
    public static AKRESULT SetRTPCValue(string name, float value)
    {
        Told.Lines.Add("wwise " + name + " " + value);
        return AKRESULT.AK_Success;
    }

    public static AKRESULT SetState(string group, string state)
    {
        Told.Lines.Add("wwise " + group + " " + state);
        return AKRESULT.AK_Success;
    }

    public static AKRESULT PostTrigger(string trigger, GameObject gameObject)
    {
        Told.Lines.Add("wwise trigger " + trigger);
        return AKRESULT.AK_Success;
    }
}

public static class AkSoundEngine
{
    public static AKRESULT SetRTPCValue(string name, float value) { return AkUnitySoundEngine.SetRTPCValue(name, value); }
    public static AKRESULT SetState(string group, string state) { return AkUnitySoundEngine.SetState(group, state); }
    public static AKRESULT PostTrigger(string trigger, GameObject gameObject) { return AkUnitySoundEngine.PostTrigger(trigger, gameObject); }
}

namespace NUnit.Framework
{
    [AttributeUsage(AttributeTargets.Method)]
    public sealed class TestAttribute : Attribute
    {
    }

    [AttributeUsage(AttributeTargets.Method)]
    public sealed class TestCaseSourceAttribute : Attribute
    {
        public TestCaseSourceAttribute(string sourceName) { }
    }
}
