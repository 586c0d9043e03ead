/** A file that belongs to an offer: where it comes from, how large it is, and what it must be. */
export interface OfferedFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Python packages that hold TensorFlow's libraries; the person's own pip fetches them. */
export interface WheelOffer {
  readonly way: 'pip';
  readonly device: PackDevice;
  readonly version: string;
  /** What pip is asked for: `name==version` with the wheel that it must bring. */
  readonly wheels: readonly (OfferedFile & { readonly requirement: string })[];
  /** Room that the libraries take. */
  readonly unpackedBytes: number;
  /** The oldest driver that works, of offers for a card. */
  readonly oldestDriver?: string;
}

/** The archives that TensorFlow.js itself installs; Loam fetches them. Their size is asked for first. */
export interface ArchiveOffer {
  readonly way: 'download';
  readonly device: PackDevice;
  readonly version: string;
  readonly urls: readonly string[];
  readonly oldestDriver?: string;
}

export type PackOffer = WheelOffer | ArchiveOffer;

/** What a pack computes on. */
export type PackDevice = 'cpu' | 'gpu';

const wheel = (requirement: string, platform: string, bytes: number, sha256: string) => ({
  requirement,
  name: `${requirement.replace('==', '-').replaceAll(/-(?=.*-)/g, '_')}-${platform}.whl`,
  bytes,
  sha256,
});

const tensorflowPlatform = 'cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64';
const nvidiaPlatform = 'py3-none-manylinux1_x86_64';

/** Python that the wheels of TensorFlow are made for. Only their libraries are used; no Python runs. */
export const wheelPython = { version: '311', abi: 'cp311', platform: 'manylinux2014_x86_64' } as const;

/** TensorFlow 2.15.1 for the processor: the libraries of the wheel. */
const processorWheels: WheelOffer = {
  way: 'pip',
  device: 'cpu',
  version: '2.15.1',
  wheels: [
    wheel(
      'tensorflow-cpu==2.15.1',
      tensorflowPlatform,
      207_208_420,
      '54660c074d7241a503e81edfd9f5ef5af88f64051b72e2945f26318c790f2d26',
    ),
  ],
  unpackedBytes: 613_776_168,
};

/** TensorFlow 2.15.1 with CUDA 12.2, as the wheel's extra "and-cuda" names it; nvcc, which nothing here calls, is left out. */
const cudaWheels: WheelOffer = {
  way: 'pip',
  device: 'gpu',
  version: '2.15.1',
  oldestDriver: '525.60.13',
  wheels: [
    wheel(
      'tensorflow==2.15.1',
      tensorflowPlatform,
      475_258_663,
      'bb0edd69103c154245c5f209f0507355cc68ba7e4de350084bc31edc562478e4',
    ),
    wheel(
      'nvidia-cublas-cu12==12.2.5.6',
      nvidiaPlatform,
      417_825_305,
      'f448d8db463f9a2c7dd9a1e607c0961d3e95f825b86839c5882f7d073d406df0',
    ),
    wheel(
      'nvidia-cuda-cupti-cu12==12.2.142',
      nvidiaPlatform,
      13_900_552,
      'ce68d1009dd14215e38ed49643d31374c71d6fea381181cb0b9da7f19dfd1624',
    ),
    wheel(
      'nvidia-cuda-nvrtc-cu12==12.2.140',
      nvidiaPlatform,
      23_430_053,
      'b1cdcae6443cb7cdcfb5d1bf51896a148c9f82f9e65b27db9ab095eaed689aa7',
    ),
    wheel(
      'nvidia-cuda-runtime-cu12==12.2.140',
      nvidiaPlatform,
      845_802,
      'acb9cb7e44594a3512533497ea790d9f0b0e399abcc888584c157d1ffa080e41',
    ),
    wheel(
      'nvidia-cudnn-cu12==8.9.4.25',
      nvidiaPlatform,
      720_096_787,
      '9f882d5b11753c566fd32427839089eb4f8ba7a58c28446ad359e32c40229723',
    ),
    wheel(
      'nvidia-cufft-cu12==11.0.8.103',
      nvidiaPlatform,
      98_570_970,
      '72e961e578f9be9e316ccb4db8652c421dd0b57442624faa71061d452f449a67',
    ),
    wheel(
      'nvidia-curand-cu12==10.3.3.141',
      nvidiaPlatform,
      56_463_566,
      '7b6bad6817b5df2a6f5ec221206fb895d9195fdd7d2443f3e86554108c141a0a',
    ),
    wheel(
      'nvidia-cusolver-cu12==11.5.2.141',
      nvidiaPlatform,
      124_890_758,
      '5a85c4653ce34339a5688137f494a0f903e0f0532418550998167f00844161da',
    ),
    wheel(
      'nvidia-cusparse-cu12==12.1.2.141',
      nvidiaPlatform,
      195_268_625,
      '4e13d6a51d2303dcb2a023ba09546811161f0334fc64e13689397bbd3b1eb126',
    ),
    wheel(
      'nvidia-nccl-cu12==2.16.5',
      nvidiaPlatform,
      188_657_797,
      '84695a4248138fb2ca12f5fd3defe986e790e71ccdaad51b2ca34ca4e83ef421',
    ),
    wheel(
      'nvidia-nvjitlink-cu12==12.2.140',
      nvidiaPlatform,
      20_177_273,
      '95635cafbf9f96c38bea5200ab145a2e6aefbb5405e0b04c1e4ba54df2d84ec9',
    ),
  ],
  unpackedBytes: 5_500_000_000,
};

/** Where TensorFlow.js 4.22 gets its libraries. */
const storage = 'https://storage.googleapis.com';
const archive = (device: PackDevice, version: string, ...paths: readonly string[]): ArchiveOffer => ({
  way: 'download',
  device,
  version,
  urls: paths.map((path) => `${storage}/${path}`),
  ...(device === 'gpu' ? { oldestDriver: '450.80.02' } : {}),
});

const offers: Readonly<Record<string, readonly PackOffer[]>> = {
  'linux-x64': [
    processorWheels,
    cudaWheels,
    archive('cpu', '2.9.1', 'tensorflow/libtensorflow/libtensorflow-cpu-linux-x86_64-2.9.1.tar.gz'),
    archive('gpu', '2.9.1', 'tensorflow/libtensorflow/libtensorflow-gpu-linux-x86_64-2.9.1.tar.gz'),
  ],
  'linux-arm64': [archive('cpu', '2.7.0', 'tf-builds/libtensorflow_r2_7_linux_arm64.tar.gz')],
  'darwin-arm64': [archive('cpu', '2.7.0', 'tf-builds/libtensorflow_r2_7_darwin_arm64_cpu.tar.gz')],
  'darwin-x64': [
    archive('cpu', '2.9.1', 'tensorflow/libtensorflow/libtensorflow-cpu-darwin-x86_64-2.9.1.tar.gz'),
  ],
  'win32-x64': [
    archive(
      'cpu',
      '2.9.1',
      'tensorflow/libtensorflow/libtensorflow-cpu-windows-x86_64-2.9.1.zip',
      'tf-builds/pre-built-binary/napi-v8/4.22.0/CPU-windows-4.22.0.zip',
    ),
    archive(
      'gpu',
      '2.9.1',
      'tensorflow/libtensorflow/libtensorflow-gpu-windows-x86_64-2.9.1.zip',
      'tf-builds/pre-built-binary/napi-v8/4.22.0/GPU-windows-4.22.0.zip',
    ),
  ],
};

/** The packs that can be had for a platform, the best way first. */
export function offersFor(platform: string, architecture: string): readonly PackOffer[] {
  return offers[`${platform}-${architecture}`] ?? [];
}

/** A wheel that Loam knows, by its file name. */
export function knownWheel(fileName: string): OfferedFile | undefined {
  return [processorWheels, cudaWheels].flatMap(({ wheels }) => wheels).find(({ name }) => name === fileName);
}

/** An offer in one sentence: what it is, what fetches it from where, how large it is, and what it needs. */
export function describeOffer(offer: PackOffer): string {
  const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6).toLocaleString('en')} MB`;
  const device = offer.device === 'gpu' ? 'a card of NVIDIA’s' : 'the processor';
  const driver = offer.oldestDriver === undefined ? '' : `, driver ${offer.oldestDriver} or newer`;
  switch (offer.way) {
    case 'pip': {
      const bytes = offer.wheels.reduce((sum, wheel) => sum + wheel.bytes, 0);
      return `TensorFlow ${offer.version} for ${device}${driver}: Python’s installer (pip) fetches ${offer.wheels.length === 1 ? 'one package' : `${offer.wheels.length} packages`}, ${megabytes(bytes)}, from its package index, checked by ${offer.wheels.length === 1 ? 'its checksum' : 'their checksums'}; ${megabytes(offer.unpackedBytes)} on the disk`;
    }
    case 'download':
      return `TensorFlow ${offer.version} for ${device}${driver}: Loam fetches it from ${new URL(offer.urls[0]!).host}, and has no checksum of its own to hold it against`;
    default:
      return offer satisfies never;
  }
}
