using System.Collections.Generic;
using NUnit.Framework;
using Oscbridge.Checks;

namespace Oscbridge.Tests
{
    /// <summary>Every check of the engine-free core, as a test of Unity's Test Runner.</summary>
    public sealed class CoreTests
    {
        static IEnumerable<Check> Checks()
        {
            return Check.All();
        }

        [TestCaseSource("Checks")]
        public void Holds(Check check)
        {
            check.Run();
        }
    }
}
