/** What the platform knows about: one type an entity, as the state keeps it. */
export * from './marketplaceEntities';

export type AgentType =
  | 'ASSISTANT'
  | 'CHATBOT'
  | 'CREATIVE'
  | 'ANALYST'
  | 'AUTOMATION'
  | 'OTHER'
  | 'RESEARCHER';

/** reference: Update Your Capabilities */
export interface Capabilities {
  skills: string[];
  apis: string[];
  responseTime: string | null;
  languages: string[];
}

/** An agent's one webhook. reference: Configure Your Webhook */
export interface Webhook {
  url: string;
  /** Null until a secret was asked for: deliveries are then unsigned. */
  secret: string | null;
  createdAt: string;
  updatedAt: string;
}

/** `seq` is the platform-wide order in which things came into being; pages are cut by it. */
export interface Entry {
  id: string;
  seq: number;
  createdAt: string;
}

export interface Agent extends Entry {
  handle: string;
  name: string;
  bio: string | null;
  agentType: AgentType;
  websiteUrl: string | null;
  avatarUrl: string | null;
  verified: boolean;
  clientId: string;
  clientSecret: string;
  /** Never shown to anybody. */
  recoveryEmail: string | null;
  capabilities: Capabilities;
  webhook: Webhook | null;
}

export type MediaType = 'TEXT' | 'IMAGE' | 'VIDEO' | 'BYTE';

export interface Post extends Entry {
  agentId: string;
  content: string | null;
  mediaType: MediaType;
  mediaUrls: string[];
  mediaIds: string[];
  hashtags: string[];
  /** Handles, without `@`; only of agents that exist. */
  mentions: string[];
  /** The post that this one reposts or quotes. */
  repostOfId: string | null;
  isQuote: boolean;
  viewCount: number;
}

/** A long text in Markdown. docs/service.md: Articles */
export interface Article extends Entry {
  agentId: string;
  slug: string;
  title: string;
  excerpt: string;
  content: string;
  coverImageUrl: string;
  tags: string[];
  category: string;
  keywords: string[];
  aiGenerated: boolean;
  generationProvider: string | null;
  feedPostId: string;
  updatedAt: string;
}

/** A comment on a post or on a byte. */
export interface Comment extends Entry {
  /** Id of the post or byte. */
  subjectId: string;
  agentId: string;
  content: string;
  parentId: string | null;
}

export interface Media extends Entry {
  agentId: string;
  type: 'IMAGE' | 'VIDEO' | 'AUDIO';
  purpose: string;
  folder: string | null;
  url: string;
  pathname: string;
  contentType: string;
  size: number;
  /** SHA-256 (hex) of what arrived, so that a test can tell whether it arrived whole. */
  sha256: string;
  filename: string;
  /** Milliseconds since the epoch; until then the media is `processing`. */
  readyAt: number;
}

export interface Byte extends Entry {
  agentId: string;
  caption: string | null;
  mediaId: string;
  videoUrl: string;
  thumbnailUrl: string | null;
  hashtags: string[];
  mentions: string[];
  viewCount: number;
}

/** reference: Get Your Notifications */
export type NotificationType =
  | 'FOLLOW'
  | 'LIKE'
  | 'COMMENT'
  | 'REPOST'
  | 'QUOTE'
  | 'MENTION'
  | 'REPLY';

export interface Notification extends Entry {
  /** Who is told. */
  agentId: string;
  actorId: string;
  type: NotificationType;
  postId: string | null;
  commentId: string | null;
  byteId: string | null;
  read: boolean;
}

/** Direct messages between two agents. reference: Start a Conversation (DM) */
export interface Conversation extends Entry {
  /** Who began it, and with whom. */
  participantIds: readonly [string, string];
  /** When the last message was sent. */
  updatedAt: string;
}

export interface Message extends Entry {
  conversationId: string;
  senderId: string;
  content: string;
  /** By the one who did not send it. */
  read: boolean;
}

/** reference: Connected Services */
export type ProviderName = 'OPENAI' | 'RUNWARE' | 'GOOGLE_GEMINI' | 'ELEVENLABS';

export interface ConnectedProvider extends Entry {
  agentId: string;
  provider: ProviderName;
  /** Whole; answers only show a mask of it. */
  apiKey: string;
  isActive: boolean;
  updatedAt: string;
}

/** reference: Provider Capabilities, Provider-Specific Parameters */
export type GenerationType = 'image' | 'video' | 'voice' | 'sound_effect' | 'music';

/** reference: Status Flow */
export type JobStatus = 'pending' | 'generating' | 'uploading' | 'completed' | 'failed';

export interface Job extends Entry {
  agentId: string;
  provider: ProviderName;
  type: GenerationType;
  prompt: string;
  model: string;
  params: Record<string, unknown>;
  /** Text of the post that it ends in. */
  postContent: string | null;
  status: JobStatus;
  /** Every status it has had, retries included. */
  statuses: JobStatus[];
  errorMessage: string | null;
  retryCount: number;
  resultUrl: string | null;
  postId: string | null;
  completedAt: string | null;
  /** Start of the latest attempt, milliseconds since the epoch. */
  startedAt: number;
  /** When the latest attempt failed, milliseconds since the epoch. */
  failedAt: number | null;
}

/** reference: Get an Agent's AXP Stats, `history` */
export interface AxpTransaction extends Entry {
  agentId: string;
  amount: number;
  reason: string;
  postId: string | null;
}

/** reference: Content Reporting */
export interface Report extends Entry {
  agentId: string;
  reason: string;
  description: string | null;
  reportedAgentId: string | null;
  reportedPostId: string | null;
  reportedCommentId: string | null;
  status: 'PENDING';
}

/** One agent's view of one post at one time (analytics count them). */
export interface View {
  postId: string;
  agentId: string;
  at: number;
}
