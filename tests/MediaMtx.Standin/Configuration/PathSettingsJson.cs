using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MediaMtx.Standin.Configuration;

/// <summary>A path's settings as the Control API shows and takes them: all of them, each with its JSON type.</summary>
internal static class PathSettingsJson
{
    private const string MediaMtxDefaults = """
        {
        "source":"publisher","sourceFingerprint":"","sourceOnDemand":false,"sourceOnDemandStartTimeout":"10s","sourceOnDemandCloseAfter":"10s",
        "maxReaders":0,"srtReadPassphrase":"","useAbsoluteTimestamp":false,"alwaysAvailable":false,"alwaysAvailableTracks":[],
        "alwaysAvailableFile":"","forward":[],"record":false,"recordPath":"./recordings/%path/%Y-%m-%d_%H-%M-%S-%f","recordFormat":"fmp4",
        "recordPartDuration":"1s","recordMaxPartSize":"50M","recordSegmentDuration":"1h0m0s","recordDeleteAfter":"1d","overridePublisher":true,
        "srtPublishPassphrase":"","rtspDemuxMpegts":false,"rtspTransport":"automatic","rtspAnyPort":false,"rtspRangeType":"","rtspRangeStart":"",
        "rtspScale":"","rtspUDPSourcePortRange":[32768,60999],"rtpSDP":"","moqTransport":"quic","whepBearerToken":"","whepSTUNGatherTimeout":"5s",
        "whepHandshakeTimeout":"10s","whepTrackGatherTimeout":"2s","sourceRedirect":"","rpiCameraCamID":0,"rpiCameraSecondary":false,
        "rpiCameraWidth":1920,"rpiCameraHeight":1080,"rpiCameraHFlip":false,"rpiCameraVFlip":false,"rpiCameraBrightness":0,"rpiCameraContrast":1,
        "rpiCameraSaturation":1,"rpiCameraSharpness":1,"rpiCameraExposure":"normal","rpiCameraAWB":"auto","rpiCameraAWBGains":[0,0],
        "rpiCameraDenoise":"off","rpiCameraShutter":0,"rpiCameraMetering":"centre","rpiCameraGain":0,"rpiCameraEV":0,"rpiCameraROI":"",
        "rpiCameraHDR":false,"rpiCameraTuningFile":"","rpiCameraMode":"","rpiCameraFPS":30,"rpiCameraAfMode":"continuous",
        "rpiCameraAfRange":"normal","rpiCameraAfSpeed":"normal","rpiCameraLensPosition":0,"rpiCameraAfWindow":"","rpiCameraFlickerPeriod":0,
        "rpiCameraTextOverlayEnable":false,"rpiCameraTextOverlay":"%Y-%m-%d %H:%M:%S - MediaMTX","rpiCameraCodec":"auto","rpiCameraIDRPeriod":60,
        "rpiCameraBitrate":5000000,"rpiCameraH264Profile":"auto","rpiCameraH264Level":"4.1","rpiCameraMJPEGQuality":60,"runOnInit":"",
        "runOnInitRestart":false,"runOnDemand":"","runOnDemandRestart":false,"runOnDemandStartTimeout":"10s","runOnDemandCloseAfter":"10s",
        "runOnUnDemand":"","runOnAvailable":"","runOnAvailableRestart":false,"runOnUnavailable":"","runOnOnline":"","runOnOnlineRestart":false,
        "runOnOffline":"","runOnRead":"","runOnReadRestart":false,"runOnUnread":"","runOnRecordSegmentCreate":"","runOnRecordSegmentComplete":""
        }
        """;

    private const string OldHooks = """{"runOnReady":"","runOnReadyRestart":false,"runOnNotReady":""}""";
    private static readonly JsonObject AllDefaults = (JsonObject)JsonNode.Parse(MediaMtxDefaults)!;

    /// <summary>Shows settings; those that are not given have MediaMTX's defaults.</summary>
    public static JsonObject Show(string name, SettingsMap settings, ServerVersion version)
    {
        JsonObject defaults = Defaults(version);
        JsonObject shown = new() { ["name"] = name };
        foreach ((string key, JsonNode? byDefault) in defaults)
        {
            shown[key] = settings.TryGetValue(key, out object? value) && value is not null ? ToJson(value, byDefault) : byDefault?.DeepClone();
        }

        foreach ((string key, object? value) in settings.Where(setting => setting.Key != "name" && !defaults.ContainsKey(setting.Key)))
        {
            shown[key] = ToJson(value, null);
        }

        return shown;
    }

    /// <summary>Reads the settings of a request.</summary>
    /// <exception cref="ConfigException">A setting is unknown, or of another type.</exception>
    public static SettingsMap Read(JsonElement body, ServerVersion version)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw new ConfigException($"json: cannot unmarshal {KindOf(body.ValueKind)} into Go value of type conf.Path");
        }

        SettingsMap settings = [];
        foreach (JsonProperty setting in body.EnumerateObject())
        {
            settings[setting.Name] = SettingsTree.OfJson(setting.Value);
        }

        new Settings(settings).Check(version.KnownPath);
        JsonObject defaults = Defaults(version);
        foreach (JsonProperty setting in body.EnumerateObject())
        {
            CheckKind(setting, defaults);
        }

        return settings;
    }

    private static JsonObject Defaults(ServerVersion version)
    {
        JsonObject defaults = version.HasAvailableHooks ? [] : (JsonObject)JsonNode.Parse(OldHooks)!;
        foreach ((string key, JsonNode? value) in AllDefaults.Where(setting => IsKnown(setting.Key, version)))
        {
            defaults[key] = value?.DeepClone();
        }

        return defaults;
    }

    private static bool IsKnown(string name, ServerVersion version) =>
        version.KnownPath.Contains(name) || name.StartsWith("rpiCamera", StringComparison.Ordinal);

    private static void CheckKind(JsonProperty setting, JsonObject defaults)
    {
        string given = KindOf(setting.Value.ValueKind);
        string expected = defaults[setting.Name] is JsonNode byDefault ? KindOf(byDefault.GetValueKind()) : given;
        if (given != expected && given != "null")
        {
            string type = expected switch { "number" => "int", "array" => "[]string", _ => expected };
            throw new ConfigException($"json: cannot unmarshal {given} into Go value of type {type}");
        }
    }

    private static string KindOf(JsonValueKind kind) => kind switch
    {
        JsonValueKind.True or JsonValueKind.False => "bool",
        _ => kind.ToString().ToLowerInvariant(),
    };

    private static JsonNode? ToJson(object? value, JsonNode? like) => value switch
    {
        string text => like?.GetValueKind() switch
        {
            JsonValueKind.True or JsonValueKind.False => JsonValue.Create(text is "true" or "yes"),
            JsonValueKind.Number => JsonNode.Parse(text),
            _ => JsonValue.Create(text),
        },
        List<object?> list => new JsonArray([.. list.Select(ToItem)]),
        _ => null,
    };

    // The only items that are maps are those of alwaysAvailableTracks and forward; MediaMTX shows all fields of a track.
    private static JsonNode? ToItem(object? value)
    {
        if (value is not SettingsMap map)
        {
            return value is string text && double.TryParse(text, CultureInfo.InvariantCulture, out _) ? JsonNode.Parse(text) : ToJson(value, null);
        }

        JsonObject like = map.ContainsKey("codec") ? new() { ["codec"] = "", ["sampleRate"] = 0, ["channelCount"] = 0, ["muLaw"] = false } : [];
        JsonObject shown = [];
        foreach (string key in like.Select(field => field.Key).Union(map.Keys))
        {
            shown[key] = map.TryGetValue(key, out object? field) ? ToJson(field, like[key]) : like[key]?.DeepClone();
        }

        return shown;
    }
}
