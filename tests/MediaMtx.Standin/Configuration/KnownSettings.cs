namespace MediaMtx.Standin.Configuration;

/// <summary>
/// The names of MediaMTX's settings. A name that is not among them is an error there, so a typing error in <c>mediamtx.yml</c>, or a
/// setting of a later version, shall be one here too, although the stand-in uses only a few of them.
/// </summary>
internal static class KnownSettings
{
    private static readonly HashSet<string> AllGlobal = Split("""
        logLevel logDestinations logStructured logFile sysLogPrefix dumpPackets readTimeout writeTimeout
        readBufferCount writeQueueSize udpMaxPayloadSize udpReadBufferSize runOnConnect runOnConnectRestart
        runOnDisconnect authMethod authInternalUsers authHTTPAddress externalAuthenticationURL authHTTPFingerprint
        authHTTPExclude authJWTJWKS authJWTJWKSFingerprint authJWTClaimKey authJWTExclude authJWTInHTTPQuery
        authJWTIssuer authJWTAudience api apiAddress apiEncryption apiServerKey apiServerCert apiAllowOrigin
        apiAllowOrigins apiTrustedProxies metrics metricsAddress metricsEncryption metricsServerKey metricsServerCert
        metricsAllowOrigin metricsAllowOrigins metricsTrustedProxies pprof pprofAddress pprofEncryption pprofServerKey
        pprofServerCert pprofAllowOrigin pprofAllowOrigins pprofTrustedProxies playback playbackAddress
        playbackEncryption playbackServerKey playbackServerCert playbackAllowOrigin playbackAllowOrigins
        playbackTrustedProxies rtsp rtspDisable protocols rtspTransports encryption rtspEncryption rtspAddress
        rtspsAddress rtpAddress rtcpAddress multicastIPRange multicastRTPPort multicastRTCPPort srtpAddress
        srtcpAddress multicastSRTPPort multicastSRTCPPort serverKey serverCert rtspServerKey rtspServerCert authMethods
        rtspAuthMethods rtspTrustedProxies rtspUDPReadBufferSize rtmp rtmpDisable rtmpEncryption rtmpAddress
        rtmpsAddress rtmpServerKey rtmpServerCert rtmpTrustedProxies hls hlsDisable hlsAddress hlsEncryption
        hlsServerKey hlsServerCert hlsAllowOrigin hlsAllowOrigins hlsTrustedProxies hlsAlwaysRemux hlsVariant
        hlsSegmentCount hlsSegmentDuration hlsPartDuration hlsSegmentMaxSize hlsDirectory hlsMuxerCloseAfter
        hlsCDNSecret webrtc webrtcDisable webrtcAddress webrtcEncryption webrtcServerKey webrtcServerCert
        webrtcAllowOrigin webrtcAllowOrigins webrtcTrustedProxies webrtcLocalUDPAddress webrtcLocalTCPAddress
        webrtcIPsFromInterfaces webrtcIPsFromInterfacesList webrtcAdditionalHosts webrtcICEServers2
        webrtcSTUNGatherTimeout webrtcHandshakeTimeout webrtcTrackGatherTimeout webrtcICEUDPMuxAddress
        webrtcICETCPMuxAddress webrtcICEHostNAT1To1IPs webrtcICEServers srt srtAddress moq moqHTTP2Address
        moqHTTP3Address moqQUICAddress moqServerKey moqServerCert moqAllowOrigins moqTrustedProxies moqHTTPS2Address
        moqHTTPS3Address record recordPath recordFormat recordPartDuration recordSegmentDuration recordDeleteAfter
        pathDefaults paths
        """);

    // Those of the Raspberry Pi camera begin with rpiCamera, and are known without being here.
    private static readonly HashSet<string> AllPath = Split("""
        name source sourceFingerprint sourceOnDemand sourceOnDemandStartTimeout sourceOnDemandCloseAfter maxReaders
        srtReadPassphrase fallback useAbsoluteTimestamp alwaysAvailable alwaysAvailableTracks alwaysAvailableFile
        forward record playback recordPath recordFormat recordPartDuration recordMaxPartSize recordSegmentDuration
        recordDeleteAfter publishUser publishPass publishIPs readUser readPass readIPs overridePublisher
        disablePublisherOverride srtPublishPassphrase rtspDemuxMpegts rtspTransport rtspAnyPort sourceProtocol
        sourceAnyPortEnable rtspRangeType rtspRangeStart rtspScale rtspUDPReadBufferSize rtspUDPSourcePortRange
        mpegtsUDPReadBufferSize rtpSDP rtpUDPReadBufferSize moqTransport whepBearerToken whepSTUNGatherTimeout
        whepHandshakeTimeout whepTrackGatherTimeout sourceRedirect runOnInit runOnInitRestart runOnDemand
        runOnDemandRestart runOnDemandStartTimeout runOnDemandCloseAfter runOnUnDemand runOnAvailable
        runOnAvailableRestart runOnUnavailable runOnReady runOnReadyRestart runOnNotReady runOnOnline
        runOnOnlineRestart runOnOffline runOnRead runOnReadRestart runOnUnread runOnRecordSegmentCreate
        runOnRecordSegmentComplete
        """);

    /// <summary>Settings of an entry of <c>authInternalUsers</c>, and of its permissions.</summary>
    public static readonly IReadOnlySet<string> User = Split("user pass ips permissions action path");

    /// <summary>Settings of an entry of <c>alwaysAvailableTracks</c>.</summary>
    public static readonly IReadOnlySet<string> SlateTrack = Split("codec sampleRate channelCount muLaw");

    private static readonly (int Minor, int Patch, HashSet<string> Names)[] Later =
    [
        (19, 0, Split("moq moqAllowOrigins moqHTTPS2Address moqHTTPS3Address moqServerCert moqServerKey moqTrustedProxies")),
        (19, 1, Split("moqHTTP2Address moqHTTP3Address rtmpTrustedProxies rtspTrustedProxies")),
        (19, 2, Split("rtspScale")),
        (19, 3, Split("runOnAvailable runOnAvailableRestart runOnUnavailable runOnOnline runOnOnlineRestart runOnOffline")),
        (20, 0, Split("forward moqQUICAddress")),
        (20, 1, Split("moqTransport")),
    ];

    /// <summary>Settings of the server.</summary>
    public static IReadOnlySet<string> Global(ServerVersion version) => Of(AllGlobal, version);

    /// <summary>Settings of a path and of <c>pathDefaults</c>.</summary>
    public static IReadOnlySet<string> Path(ServerVersion version) => Of(AllPath, version);

    private static HashSet<string> Of(HashSet<string> all, ServerVersion version) =>
        [.. all.Except(Later.Where(step => !version.IsAtLeast(1, step.Minor, step.Patch)).SelectMany(step => step.Names))];

    private static HashSet<string> Split(string names) =>
        [.. names.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)];
}
