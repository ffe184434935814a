// Hands what oscbridge says on to FMOD Studio. Call the methods from the event receivers of any OSC
// package: OscJack and extOSC bind them without code (see README.md).
using FMODUnity;
using UnityEngine;

/// <summary>Sets the global parameters Intensity, Valence and Mood of FMOD Studio.</summary>
public sealed class OscbridgeFmod : MonoBehaviour
{
    [SerializeField] private string intensityParameter = "Intensity";
    [SerializeField] private string valenceParameter = "Valence";
    [SerializeField] private string moodParameter = "Mood";

    [Tooltip("Labels of the parameter Mood for quadrants 0 to 4.")]
    [SerializeField] private string[] moods = { "unknown", "happy", "tense", "sad", "relaxed" };

    /// <summary>/oscbridge/intensity, 0 to 1.</summary>
    public void Intensity(float value)
    {
        RuntimeManager.StudioSystem.setParameterByName(intensityParameter, value);
    }

    /// <summary>/oscbridge/valence, -1 to 1.</summary>
    public void Valence(float value)
    {
        RuntimeManager.StudioSystem.setParameterByName(valenceParameter, value);
    }

    /// <summary>/oscbridge/quadrant, 0 to 4.</summary>
    public void Mood(int quadrant)
    {
        if (quadrant >= 0 && quadrant < moods.Length)
        {
            RuntimeManager.StudioSystem.setParameterByNameWithLabel(moodParameter, moods[quadrant]);
        }
    }
}
