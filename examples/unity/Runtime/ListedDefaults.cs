namespace Oscbridge
{
    /// <summary>An element of a list in the inspector.</summary>
    interface IListed
    {
        /// <summary>Whether nothing is set: no name, all numbers 0.</summary>
        bool IsBlank { get; }
    }

    /// <summary>
    /// Unity's inspector makes the first elements of a list with zeros, whatever their class says: a
    /// section would be silent without anybody having said so. Called by OnValidate, in the editor.
    /// </summary>
    static class ListedDefaults
    {
        /// <summary>Give what is blank the values of its class.</summary>
        public static void Restore<T>(T[] list) where T : class, IListed, new()
        {
            for (var i = 0; i < list.Length; i++)
            {
                if (list[i] != null && list[i].IsBlank)
                {
                    list[i] = new T();
                }
            }
        }
    }
}
