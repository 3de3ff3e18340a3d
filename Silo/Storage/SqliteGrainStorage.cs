using System.Globalization;
using Orleans.Storage;

namespace Streams.Silo.Storage;

/// <summary>
/// Grain storage in one SQLite file beside the silo: what a single machine needs to remember over a restart. The ETag is a row's
/// version, so a second activation of a grain cannot overwrite what the first has saved.
/// </summary>
internal sealed class SqliteGrainStorage(SqliteDatabase database) : IGrainStorage
{
    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        StoredState? stored = await database.Read(Key(stateName, grainId));
        grainState.RecordExists = stored is not null;
        grainState.ETag = stored?.Version.ToString(CultureInfo.InvariantCulture);
        grainState.State = stored is null ? Activator.CreateInstance<T>() : StateJson.Read<T>(stored.Json);
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        long version = await database.Write(Key(stateName, grainId), Version(grainState.ETag), StateJson.Write(grainState.State));
        grainState.ETag = version.ToString(CultureInfo.InvariantCulture);
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await database.Delete(Key(stateName, grainId), Version(grainState.ETag));
        grainState.State = Activator.CreateInstance<T>();
        grainState.ETag = null;
        grainState.RecordExists = false;
    }

    private static string Key(string stateName, GrainId grainId) => $"{stateName}/{grainId}";

    private static long Version(string? etag) => etag is null ? 0 : long.Parse(etag, CultureInfo.InvariantCulture);
}
