namespace Oscbridge
{
    /// <summary>
    /// Whether buttons of OnGUI can be pressed while the game runs. They hear nothing where the project
    /// takes input from the Input System package alone, as new projects of Unity 6 do.
    /// </summary>
    public static class OverlayInput
    {
        /// <summary>What to change where they hear nothing; else empty.</summary>
        public static string Advice
        {
            get
            {
#if ENABLE_INPUT_SYSTEM && !ENABLE_LEGACY_INPUT_MANAGER
                return "Buttons hear nothing: set Player Settings, Active Input Handling to Both.";
#else
                return "";
#endif
            }
        }
    }
}
