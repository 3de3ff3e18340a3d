using System.Reflection;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace Streams.Testing;

/// <summary>
/// Gives a theory the stand-in, and a real MediaMTX where one is installed; where none is, the report has that case as skipped
/// and says why. Several of these on one theory give it several cases.
/// </summary>
/// <param name="arguments">The theory's arguments after the kind of the server.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class OnBothServersAttribute(params object?[] arguments) : DataAttribute
{
    private const string NoMediaMtx = "No MediaMTX on this machine: set MEDIAMTX_BIN, or put mediamtx on the PATH.";

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        TheoryDataRow real = new([MediaServerKind.MediaMtx, .. arguments]) { Skip = MediaServer.MediaMtxFile is null ? NoMediaMtx : null };
        return new([new TheoryDataRow([MediaServerKind.Standin, .. arguments]), real]);
    }

    public override bool SupportsDiscoveryEnumeration() => true;
}
