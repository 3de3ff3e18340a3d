using System.Reflection;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace Streams.Testing;

/// <summary>
/// Gives a theory the stand-in, and a real MediaMTX where one is installed; where none is, the report has that case as skipped
/// and says why.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnBothServersAttribute : DataAttribute
{
    private const string NoMediaMtx = "No MediaMTX on this machine: set MEDIAMTX_BIN, or put mediamtx on the PATH.";

    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        TheoryDataRow<MediaServerKind> real = new(MediaServerKind.MediaMtx) { Skip = MediaServer.MediaMtxFile is null ? NoMediaMtx : null };
        return new([new TheoryDataRow<MediaServerKind>(MediaServerKind.Standin), real]);
    }

    public override bool SupportsDiscoveryEnumeration() => true;
}
